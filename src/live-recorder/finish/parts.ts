/** The segments of a stream as parts: within each one clock and one format go on, and its bytes can be read as one file. */
import type { SegmentLine } from '../segments/journal.ts';

export interface Part {
  readonly container: SegmentLine['container'];
  /** The file of its initialisation. */
  readonly map: string | undefined;
  /** The files of its segments, in their order. */
  readonly files: readonly string[];
}

/** A line that is no segment is one that is missing; that a clock begins anew there is true for the next one that is there. */
type Line = Pick<SegmentLine, 'epoch' | 'isDiscontinuous'> &
  ({ readonly type: 'hole' } | Pick<SegmentLine, 'type' | 'container' | 'map' | 'file'>);

/** `lines` in the order of the stream. */
export function divideIntoParts(lines: readonly Line[]): Part[] {
  const parts: { container: Part['container']; map: string | undefined; files: string[] }[] = [];
  let epoch: number | undefined;
  let beginsAnew = true;
  for (const line of lines) {
    beginsAnew ||= line.isDiscontinuous || line.epoch !== epoch;
    epoch = line.epoch;
    if (line.type === 'hole') continue;
    const last = parts.at(-1);
    if (!last || beginsAnew || last.container !== line.container || last.map !== line.map) {
      parts.push({ container: line.container, map: line.map, files: [line.file] });
    } else last.files.push(line.file);
    beginsAnew = false;
  }
  return parts;
}
