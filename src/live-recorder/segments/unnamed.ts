/** Where a segment belongs that lies in the bucket and that no playlist has named, or none any more. */
import type { SourceObject } from '../source/source.ts';
import { compareNaturally, numberIn, shapeOf } from './natural-order.ts';
import type { Wanted } from './wanted.ts';

export interface PlacedObject {
  readonly location: string;
  readonly sequence: number;
  /** One of the same series that a playlist named: it has the same initialisation and the same key. */
  readonly like: Wanted | undefined;
}

const ENDINGS = /\.(ts|m2ts|m4s|mp4|cmfv|m4v)$/i;
/** Between two that follow each other. */
const STEP = 1 / 4_096;

/** Only those of the same series as the named ones; without any, of the series that has the most. In the order of their names. */
export function placeUnnamed(
  objects: readonly SourceObject[],
  named: readonly Wanted[],
): readonly PlacedObject[] {
  const media = objects
    .filter(({ location }) => ENDINGS.test(location))
    .toSorted((a, b) => compareNaturally(a.location, b.location));
  const shapes = named.length > 0 ? new Set(named.map(({ location }) => shapeOf(location))) : largest(media);
  const ofSeries = media.filter(({ location }) => shapes.has(shapeOf(location)));
  return named.length > 0 ? placeAmong(ofSeries, named) : placeAlone(ofSeries);
}

function placeAlone(objects: readonly SourceObject[]): PlacedObject[] {
  const numbers = objects.map(({ location }) => numberIn(location));
  const areNumbered = new Set(numbers).size === numbers.length && !numbers.includes(undefined);
  return objects.map(({ location }, index) => ({
    location,
    sequence: areNumbered ? (numbers[index] ?? index) : index,
    like: undefined,
  }));
}

function placeAmong(objects: readonly SourceObject[], named: readonly Wanted[]): PlacedObject[] {
  const sorted = named.toSorted((a, b) => compareNaturally(a.location, b.location));
  const offset = offsetOf(named);
  let steps = 0;
  let before: Wanted | undefined;
  let next = 0;
  return objects.map(({ location }) => {
    let [following] = [sorted[next]];
    while (following && compareNaturally(following.location, location) < 0) {
      [before, steps] = [following, 0];
      next += 1;
      following = sorted[next];
    }
    steps += 1;
    const number = numberIn(location);
    const like = before ?? sorted[0];
    if (offset !== undefined && number !== undefined) return { location, sequence: number + offset, like };
    const start = before ? before.sequence : (sorted[0]?.sequence ?? 0) - 1;
    return { location, sequence: start + Math.min(steps * STEP, 1 - STEP), like };
  });
}

/** How far the sequence numbers are from the numbers in the names, when that is the same for all. */
function offsetOf(named: readonly Wanted[]): number | undefined {
  const offsets = new Set(
    named.map(({ location, sequence }) => {
      const number = numberIn(location);
      return number === undefined ? undefined : sequence - number;
    }),
  );
  const [offset] = offsets;
  return offsets.size === 1 ? offset : undefined;
}

function largest(objects: readonly SourceObject[]): Set<string> {
  const byShape = Map.groupBy(objects, ({ location }) => shapeOf(location));
  const [best] = [...byShape].toSorted(([, a], [, b]) => b.length - a.length);
  return new Set(best ? [best[0]] : []);
}
