/** Which segments of a stream there are and which of them are still to be fetched: pure, from what the source shows at each look. */
import type { MediaPlaylist, PlaylistEntry } from '../source/playlist.ts';
import type { Snapshot, SourceObject } from '../source/source.ts';
import { type JournalLine, positionOf } from './journal.ts';
import { placeUnnamed } from './unnamed.ts';
import type { Wanted } from './wanted.ts';

export interface TrackRules {
  /** What was there then is of an earlier stream of the same key, whatever names it. */
  readonly leftoverUntil: Date | undefined;
  /** What no playlist names belongs when it is newer; undefined: it never does. */
  readonly unnamedSince: Date | undefined;
}

export interface PlannedLook {
  readonly wanted: readonly Wanted[];
  readonly leftovers: readonly Wanted[];
  /** Whether the playlist goes on where more is missing than it names: what is between may still lie in the bucket. */
  readonly hasGap: boolean;
}

/** A list that is older than the one before, as caches give it, goes back by less than this and its own length. */
const STALE_SLACK = 3;

export class Track {
  readonly #rules: TrackRules;
  /** By position. */
  readonly #seen = new Map<string, Wanted>();
  readonly #byLocation = new Map<string, Wanted[]>();
  /** The size of what was longer or shorter when it was looked at again, by position. */
  readonly #changed = new Map<string, number>();
  #epoch = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** Goes on where the lines of a journal end. */
  constructor(rules: TrackRules, lines: readonly JournalLine[] = []) {
    this.#rules = rules;
    for (const line of lines) {
      const isNamed = line.type === 'leftover' || line.isNamed;
      const known = line.type === 'leftover' ? { duration: 0, isDiscontinuous: false } : line;
      this.#remember({
        epoch: line.epoch,
        sequence: line.sequence,
        location: line.location,
        ...('range' in line && line.range && { range: line.range }),
        duration: known.duration,
        isDiscontinuous: known.isDiscontinuous,
        isNamed,
      });
      if (line.epoch > this.#epoch) [this.#epoch, this.#last] = [line.epoch, Number.NEGATIVE_INFINITY];
      if (isNamed && line.epoch === this.#epoch) this.#last = Math.max(this.#last, line.sequence);
    }
  }

  /** What is new; each is told once. `isLast`: what the bucket has beyond the playlist belongs as well. */
  look(snapshot: Snapshot, { isLast }: { readonly isLast: boolean }): PlannedLook {
    const { playlist, objects = [] } = snapshot;
    const modified = new Map(objects.map(({ location, modifiedAt }) => [location, modifiedAt]));
    const { named, hasGap } = playlist ? this.#lookAt(playlist) : { named: [], hasGap: false };
    const leftovers = named.filter((wanted) => this.#isLeftover(modified.get(wanted.location)));
    const unnamed = this.#lookBeside(objects, { playlist, isLast });
    return { wanted: [...named.filter((one) => !leftovers.includes(one)), ...unnamed], leftovers, hasGap };
  }

  /** What is longer or shorter in the bucket now than what was fetched of it: it was still being written. */
  changed(objects: readonly SourceObject[], fetched: (position: string) => number | undefined): Wanted[] {
    return objects.flatMap(({ location, size }) => {
      const [known, ...others] = this.#byLocation.get(location) ?? [];
      if (!known || others.length > 0 || known.range) return [];
      const position = positionOf(known);
      const bytes = fetched(position);
      if (bytes === undefined || bytes === size || this.#changed.get(position) === size) return [];
      this.#changed.set(position, size);
      return [known];
    });
  }

  /** As it was told, with its keys and its initialisation: a journal does not keep them. */
  recall(line: Pick<JournalLine, 'epoch' | 'sequence'>): Wanted | undefined {
    return this.#seen.get(positionOf(line));
  }

  #lookAt(playlist: MediaPlaylist): { named: Wanted[]; hasGap: boolean } {
    const { entries } = playlist;
    const [first, last] = [entries[0], entries.at(-1)];
    if (!first || !last) return { named: [], hasGap: false };
    if (this.#beginsAnew(entries, last.sequence)) {
      this.#epoch += 1;
      this.#last = Number.NEGATIVE_INFINITY;
    }
    const hasGap = Number.isFinite(this.#last) && first.sequence > this.#last + 1;
    const named: Wanted[] = [];
    for (const entry of entries) {
      const wanted = { ...entry, epoch: this.#epoch, isNamed: true };
      const known = this.#seen.get(positionOf(wanted));
      if (known) {
        // After a restart its keys are not known any more.
        if (known.isNamed) this.#seen.set(positionOf(wanted), { ...wanted, ...pickTaken(known) });
        continue;
      }
      if (this.#wasTakenUnnamed(entry)) continue;
      this.#remember(wanted);
      named.push(wanted);
    }
    this.#last = Math.max(this.#last, last.sequence);
    return { named, hasGap };
  }

  /** Whether the stream counts from the beginning again: its packager was started anew. */
  #beginsAnew(entries: readonly PlaylistEntry[], last: number): boolean {
    if (!Number.isFinite(this.#last) || last >= this.#last) return false;
    if (this.#last - last > entries.length + STALE_SLACK) return true;
    return entries.some(({ sequence, location }) => {
      const known = this.#seen.get(positionOf({ epoch: this.#epoch, sequence }));
      return known?.isNamed === true && nameOf(known.location) !== nameOf(location);
    });
  }

  #lookBeside(
    objects: readonly SourceObject[],
    { playlist, isLast }: { readonly playlist: MediaPlaylist | undefined; readonly isLast: boolean },
  ): Wanted[] {
    const { unnamedSince } = this.#rules;
    if (!unnamedSince || objects.length === 0) return [];
    const placed = placeUnnamed(
      objects.filter(({ location, modifiedAt }) => {
        return modifiedAt >= unnamedSince && !this.#byLocation.has(location);
      }),
      [...this.#seen.values()].filter(({ epoch, isNamed }) => isNamed && epoch === this.#epoch),
    );
    const belongs = placed.filter(({ sequence }) => isLast || !playlist || sequence < this.#last);
    const duration = playlist?.targetDuration ?? this.#usualDuration();
    return belongs.flatMap(({ location, sequence, like }) => {
      const wanted: Wanted = {
        epoch: this.#epoch,
        sequence,
        location,
        duration,
        isDiscontinuous: false,
        isNamed: false,
        ...(like?.map && { map: like.map }),
        ...(like?.key && { key: like.key }),
      };
      if (this.#seen.has(positionOf(wanted))) return [];
      this.#remember(wanted);
      return [wanted];
    });
  }

  /** One that was found in the bucket before a playlist named it stays where it is. */
  #wasTakenUnnamed({ location, range }: PlaylistEntry): boolean {
    return !range && (this.#byLocation.get(location)?.some(({ isNamed }) => !isNamed) ?? false);
  }

  #isLeftover(modifiedAt: Date | undefined): boolean {
    const { leftoverUntil } = this.#rules;
    return leftoverUntil !== undefined && modifiedAt !== undefined && modifiedAt <= leftoverUntil;
  }

  #usualDuration(): number {
    const durations = [...this.#seen.values()].map(({ duration }) => duration).toSorted((a, b) => a - b);
    return durations[durations.length >> 1] ?? 0;
  }

  #remember(wanted: Wanted): void {
    this.#seen.set(positionOf(wanted), wanted);
    const there = this.#byLocation.get(wanted.location) ?? [];
    there.push(wanted);
    this.#byLocation.set(wanted.location, there);
  }
}

function pickTaken({ duration, isDiscontinuous }: Wanted): Pick<Wanted, 'duration' | 'isDiscontinuous'> {
  return { duration, isDiscontinuous };
}

/** Without what changes from look to look: the server that gives it, a token in its query. */
function nameOf(location: string): string {
  return (location.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '';
}
