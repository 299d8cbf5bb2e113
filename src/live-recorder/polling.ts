/** Asks the stream service from time to time which streams are live: an event that was lost is made up for. */
import { AppError } from '../lib/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { LiveRecorder } from './live-recorder.ts';
import type { LiveStream, StreamService } from './stream-service.ts';

export interface PollingOptions {
  readonly service: StreamService;
  readonly recorder: Pick<LiveRecorder, 'started' | 'ended' | 'runningStreams'>;
  readonly intervalMs: number;
  readonly logger: Logger;
}

/** So often it must say that it does not know a stream before that has ended. */
const MISSES = 3;

export class Polling {
  readonly #options: PollingOptions;
  /** How often in a row the service did not know a stream. */
  readonly #misses = new Map<string, number>();
  #timer: Timer | undefined;
  #isClosed = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PollingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#schedule(0);
  }

  /** One round. Never rejects. */
  async look(): Promise<void> {
    const { service, logger } = this.#options;
    try {
      const live = await service.live();
      for (const stream of live) await this.#begin(stream);
      await this.#checkOthers(new Set(live.map(({ streamId }) => streamId)));
    } catch (error) {
      logger.warn({ err: error }, 'the stream service could not be asked which streams are live');
      await this.#checkOthers(new Set());
    }
  }

  /** Resolves when no round runs any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.look();
      runInBackground(
        this.#looking.finally(() => this.#schedule(this.#options.intervalMs)),
        'asking the stream service',
        this.#options.logger,
      );
    }, ms);
  }

  async #begin({ streamId, streamKey, userId, startedAt, playlistUrl }: LiveStream): Promise<void> {
    const { recorder, logger } = this.#options;
    try {
      await recorder.started({ streamId, streamKey, userId, playlistUrl, at: startedAt ?? new Date() });
    } catch (error) {
      // What is wrong with one is no reason to begin none of the others.
      const why = error instanceof AppError ? { reason: error.message } : { err: error };
      logger.warn({ streamId, ...why }, 'a live stream is not recorded');
    }
  }

  /** Those that are recorded, and that the service did not name among those that are live. */
  async #checkOthers(live: ReadonlySet<string>): Promise<void> {
    const { recorder } = this.#options;
    const others = recorder.runningStreams.filter(
      ({ streamId, endedAt }) => !live.has(streamId) && endedAt === null,
    );
    for (const streamId of this.#misses.keys()) {
      if (!others.some((stream) => stream.streamId === streamId)) this.#misses.delete(streamId);
    }
    for (const stream of others) {
      if (this.#isClosed) return;
      if (await this.#hasEnded(stream.streamId)) {
        const { streamId, streamKey, playlistUrl } = stream;
        await recorder.ended({ streamId, streamKey, userId: null, playlistUrl, at: new Date() });
      }
    }
  }

  /** An error of the service says nothing of the stream. */
  async #hasEnded(streamId: string): Promise<boolean> {
    try {
      const fate = await this.#options.service.fateOf(streamId);
      const misses = fate === 'missing' ? (this.#misses.get(streamId) ?? 0) + 1 : 0;
      this.#misses.set(streamId, misses);
      return fate === 'ended' || misses >= MISSES;
    } catch (error) {
      this.#options.logger.debug(
        { err: error, streamId },
        'the stream service could not be asked about a stream',
      );
      return false;
    }
  }
}
