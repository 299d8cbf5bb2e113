/** Looks at one stream while it runs, and for its tail when it has ended; whoever made it is told when all is there. */
import { Emitter, type Listenable, type Slots } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { Collector, type CollectorLimits } from './segments/collector.ts';
import { type Journal, positionOf } from './segments/journal.ts';
import { Track, type TrackRules } from './segments/track.ts';
import type { SegmentSource, Snapshot } from './source/source.ts';

export interface MonitorLimits extends CollectorLimits {
  readonly monitorIntervalMs: number;
  readonly settleMs: number;
  readonly idleTimeoutMs: number;
}

export interface MonitorDeps {
  readonly journal: Journal;
  readonly source: SegmentSource;
  readonly rules: TrackRules;
  readonly limits: MonitorLimits;
  readonly slots: Slots;
  readonly logger: Logger;
}

interface MonitorEvents extends Record<string, unknown> {
  /** After a look: more is there than before. */
  grown: undefined;
  /** Emitted once, unless it is closed before: nothing more will come. */
  finished: { readonly isIdle: boolean };
}

/** Until a playlist is there it may come at any moment, and lose its first segments soon. */
const SEARCH_INTERVAL_MS = 2_000;
const SHORTEST_INTERVAL_MS = 100;
/** What is missing is looked for again so often. */
const MEND_INTERVAL_MS = 60_000;
/** For so long a source that is away keeps a stream that has ended from being finished. */
const PATIENCE_MS = 600_000;
/** Asking one look may take so long. */
const LOOK_TIMEOUT_MS = 60_000;

export class StreamMonitor {
  readonly #deps: MonitorDeps;
  readonly #track: Track;
  readonly #collector: Collector;
  readonly #emitter = new Emitter<MonitorEvents>();
  readonly #controller = new AbortController();
  #wake: (() => void) | undefined;
  #endedAtMs: number | undefined;
  #isCut = false;
  /** Since when nothing new has come. */
  #quietSinceMs = performance.now();
  #targetMs: number | undefined;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  #mendedAtMs = performance.now();
  #hasGap = false;
  #isMended = false;
  #reported = 0;
  #newestAt: Date | undefined;
  /** Why there is no playlist, for people; undefined while there is one. */
  problem: string | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: MonitorDeps) {
    this.#deps = deps;
    this.#track = new Track(deps.rules, deps.journal.lines);
    this.#collector = new Collector(deps);
  }

  get events(): Listenable<MonitorEvents> {
    return this.#emitter;
  }

  get journal(): Journal {
    return this.#deps.journal;
  }

  /** When the newest of what lay in the bucket was written, as far as it is of this stream. */
  get newestAt(): Date | undefined {
    return this.#isCut ? undefined : this.#newestAt;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The stream has ended: what is left of it is taken. `isCut`: another one has begun in its place, and nothing more is looked for. */
  end({ isCut = false }: { readonly isCut?: boolean } = {}): void {
    if (this.#endedAtMs === undefined) {
      this.#endedAtMs = performance.now();
      this.#quietSinceMs = this.#endedAtMs;
    }
    this.#isCut ||= isCut;
    this.#wake?.();
  }

  /** Stops looking; what is there stays for the next time. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#controller.abort(new Error('the monitor is closed'));
    this.#wake?.();
    await this.#collector.close();
    await this.#running;
    await this.#deps.journal.close();
    this.#emitter.removeAll();
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      const isComplete = this.#isCut ? true : await this.#look();
      this.#report();
      if (signal.aborted) return;
      const reason = isComplete ? 'ended' : this.#reasonToStop();
      if (reason && this.#collector.pending === 0) {
        if (reason !== 'ended' || this.#isCut || this.#isMended) {
          return this.#emitter.emit('finished', { isIdle: reason === 'idle' });
        }
        this.#mend();
        this.#isMended = true;
      }
      await this.#pause(this.#isMended ? SHORTEST_INTERVAL_MS : this.#intervalMs());
    }
  }

  /** Resolves to whether the stream says itself that nothing more will come. Never rejects. */
  async #look(): Promise<boolean> {
    const { source, logger } = this.#deps;
    const isLast = this.#endedAtMs !== undefined;
    const now = performance.now();
    const isListed = isLast || this.#targetMs === undefined || this.#hasGap || this.#isListingDue(now);
    if (isListed) this.#listedAtMs = now;
    try {
      const timeout = AbortSignal.timeout(LOOK_TIMEOUT_MS);
      const signal = AbortSignal.any([this.#controller.signal, timeout]);
      const snapshot = await source.read({ isListed, signal });
      return await this.#take(snapshot, isLast);
    } catch (error) {
      if (this.#controller.signal.aborted) return false;
      // While it cannot be asked nothing is known of what is new.
      const endedForMs = isLast ? now - (this.#endedAtMs ?? now) : 0;
      if (endedForMs < PATIENCE_MS) this.#quietSinceMs = performance.now();
      logger.warn({ err: error }, 'a live stream could not be looked at');
      return false;
    }
  }

  async #take(snapshot: Snapshot, isLast: boolean): Promise<boolean> {
    const { playlist, objects = [], problem, newestAt } = snapshot;
    this.#newestAt = newestAt ?? this.#newestAt;
    this.problem = playlist ? undefined : problem;
    const { wanted, leftovers, hasGap } = this.#track.look(snapshot, { isLast });
    this.#hasGap = hasGap;
    for (const { epoch, sequence, location } of leftovers) {
      await this.#deps.journal.add({ type: 'leftover', epoch, sequence, location });
    }
    const changed = isLast ? this.#changed(objects) : [];
    for (const one of [...wanted, ...changed]) this.#collector.take(one);
    if (wanted.length > 0 || this.#collector.pending > 0) this.#quietSinceMs = performance.now();
    if (playlist) this.#targetMs = (playlist.targetDuration ?? longest(playlist.entries)) * 1_000;
    if (performance.now() - this.#mendedAtMs > MEND_INTERVAL_MS) this.#mend();
    return isLast && playlist?.isEnded === true && wanted.length === 0;
  }

  #changed(objects: NonNullable<Snapshot['objects']>) {
    const bytes = new Map(
      this.#deps.journal.segments.map((line) => [positionOf(line), line.fetchedBytes] as const),
    );
    return this.#track.changed(objects, (position) => bytes.get(position));
  }

  /** What never came may be there by now. */
  #mend(): void {
    this.#mendedAtMs = performance.now();
    for (const hole of this.#deps.journal.holes) {
      const wanted = this.#track.recall(hole);
      if (wanted && wanted.obstacle === undefined) this.#collector.take(wanted, { isMending: true });
    }
  }

  #reasonToStop(): 'ended' | 'idle' | undefined {
    const quietMs = performance.now() - this.#quietSinceMs;
    const { settleMs, idleTimeoutMs } = this.#deps.limits;
    if (this.#endedAtMs !== undefined) return quietMs >= settleMs ? 'ended' : undefined;
    return quietMs >= idleTimeoutMs ? 'idle' : undefined;
  }

  #report(): void {
    const { size } = this.#deps.journal.total;
    if (size === this.#reported) return;
    this.#reported = size;
    this.#emitter.emit('grown', undefined);
  }

  #isListingDue(now: number): boolean {
    return now - this.#listedAtMs >= this.#deps.limits.monitorIntervalMs;
  }

  #intervalMs(): number {
    const { monitorIntervalMs, settleMs } = this.#deps.limits;
    const wanted = this.#targetMs ?? SEARCH_INTERVAL_MS;
    const sweep = this.#endedAtMs === undefined ? Number.POSITIVE_INFINITY : settleMs / 5;
    return Math.max(SHORTEST_INTERVAL_MS, Math.min(monitorIntervalMs, wanted, sweep));
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, ms);
    if (this.#controller.signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

function longest(entries: readonly { readonly duration: number }[]): number {
  return Math.max(1, ...entries.map(({ duration }) => duration));
}
