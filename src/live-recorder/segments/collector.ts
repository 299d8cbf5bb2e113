/** Fetches what is wanted of one stream: a few at a time, in its order, again when it fails, and notes what never came. */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, Slots } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { SegmentSource } from '../source/source.ts';
import { type FetchedSegment, fetchSegment } from './fetch-segment.ts';
import type { Journal } from './journal.ts';
import { Keys } from './keys.ts';
import { Maps } from './maps.ts';
import type { Wanted } from './wanted.ts';

export interface CollectorLimits {
  readonly downloadTimeoutMs: number;
  /** How often one that fails is tried again. */
  readonly retryLimit: number;
  readonly retryPauseMs: number;
  readonly maxSegmentBytes: number;
}

export interface CollectorDeps {
  readonly journal: Journal;
  readonly source: SegmentSource;
  readonly limits: CollectorLimits;
  /** Shared with all other streams. */
  readonly slots: Slots;
  readonly logger: Logger;
}

const AT_ONCE = 4;
/** What is wrong with this machine is no fault of the segment: it waits until that is mended. */
const MACHINE_TROUBLE: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'EROFS',
]);

export class Collector {
  readonly #deps: CollectorDeps;
  readonly #keys: Keys;
  readonly #maps: Maps;
  readonly #ownSlots = new Slots(AT_ONCE);
  readonly #controller = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: CollectorDeps) {
    this.#deps = deps;
    this.#keys = new Keys(deps.source);
    this.#maps = new Maps(deps.source, deps.journal);
  }

  /** What waits or is on its way. */
  get pending(): number {
    return this.#running.size;
  }

  /** `isMending`: it is known to be missing, and is tried once more. */
  take(wanted: Wanted, { isMending = false }: { readonly isMending?: boolean } = {}): void {
    if (this.#controller.signal.aborted) return;
    const running = this.#collect(wanted, isMending).catch((error: unknown) => {
      if (!this.#controller.signal.aborted) throw error;
    });
    this.#running.add(running);
    const settled = running.finally(() => this.#running.delete(running));
    runInBackground(settled, 'fetching a segment', this.#deps.logger);
  }

  /** Gives up what is on its way; it is wanted again the next time. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#controller.abort(new Error('the stream is not recorded any more'));
    await Promise.allSettled([...this.#running]);
  }

  async #collect(wanted: Wanted, isMending: boolean): Promise<void> {
    const { retryLimit, retryPauseMs } = this.#deps.limits;
    const { signal } = this.#controller;
    for (let attempt = 0; ; ) {
      try {
        return await this.#ownSlots.run(() => this.#deps.slots.run(() => this.#fetch(wanted)));
      } catch (error) {
        signal.throwIfAborted();
        if (!isMachineTrouble(error)) {
          if (isMending) return;
          if (attempt >= retryLimit || wanted.obstacle !== undefined) return this.#noteHole(wanted, error);
          attempt += 1;
        }
        this.#deps.logger.debug(
          { err: error, ...factsOf(wanted), attempt },
          'a segment could not be fetched',
        );
      }
      await pause(retryPauseMs, undefined, { signal });
    }
  }

  async #fetch(wanted: Wanted): Promise<void> {
    const { journal, source, limits, logger } = this.#deps;
    const { obstacle, key, map, sequence, isDiscontinuous } = wanted;
    if (obstacle !== undefined) throw new AppError('validation_error', obstacle);
    const timeout = AbortSignal.timeout(limits.downloadTimeoutMs);
    const signal = AbortSignal.any([this.#controller.signal, timeout]);
    logger.debug(factsOf(wanted), `Downloading segment: ${nameOf(wanted)}`);
    const cipher = key && (await this.#keys.cipherFor(key, sequence, signal));
    const mapFile = map && (await this.#maps.fileOf(map, { cipher, isRenewed: isDiscontinuous, signal }));
    const file = journal.nextFile();
    const fetched = await fetchSegment({
      ref: wanted,
      source,
      path: journal.pathOf(file),
      cipher,
      maxBytes: limits.maxSegmentBytes,
      signal,
    });
    await this.#note(wanted, fetched, { file, mapFile });
  }

  #note(wanted: Wanted, fetched: FetchedSegment, files: { file: string; mapFile: string | undefined }) {
    const { epoch, sequence, location, range, duration, isDiscontinuous, isNamed } = wanted;
    // One that brings its own initialisation begins something of its own.
    const isAlone = fetched.container === 'mp4' && fetched.boxes.includes('moov');
    return this.#deps.journal.add({
      type: 'segment',
      epoch,
      sequence,
      location,
      ...(range && { range }),
      duration,
      isDiscontinuous: isDiscontinuous || isAlone,
      isNamed,
      container: fetched.container,
      file: files.file,
      ...(files.mapFile !== undefined && !isAlone && { map: files.mapFile }),
      size: fetched.size,
      fetchedBytes: fetched.fetchedBytes,
    });
  }

  async #noteHole(wanted: Wanted, error: unknown): Promise<void> {
    const { epoch, sequence, location, range, duration, isDiscontinuous, isNamed } = wanted;
    const reason = explain(error, this.#deps.limits.downloadTimeoutMs);
    if (this.#deps.journal.at(wanted)?.type === 'segment') {
      this.#deps.logger.warn(
        { ...factsOf(wanted), reason },
        'a segment has changed, and stays as it was taken',
      );
      return;
    }
    this.#deps.logger.warn({ ...factsOf(wanted), reason }, 'a segment is missing');
    await this.#deps.journal.add({
      type: 'hole',
      epoch,
      sequence,
      location,
      ...(range && { range }),
      duration,
      isDiscontinuous,
      isNamed,
      reason,
    });
  }
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError')
    return `It did not come within ${timeoutMs} ms.`;
  return 'It could not be fetched.';
}

function isMachineTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && MACHINE_TROUBLE.has(String(error.code));
}

function factsOf({ epoch, sequence }: Wanted) {
  return { epoch, sequence };
}

/** Without the query, which may hold a token. */
function nameOf({ location }: Wanted): string {
  return (location.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '';
}
