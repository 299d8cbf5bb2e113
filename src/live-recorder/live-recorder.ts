/** Live streams that record themselves: hears that they begin and end, has them monitored, and hands them on to be finished. */
import type { LiveStreamRow } from '../db/index.ts';
import type { Jobs, Queue } from '../jobs/index.ts';
import { AppError, KeyedQueue, newId, SerialQueue, Slots } from '../lib/index.ts';
import type { RecordingMaker, RecordingRepository } from '../library/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import { demandPublicUrl } from '../outbound/index.ts';
import { type RecordingFolders, retriesFor } from '../recording/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { LiveFinishing } from './live-finishing.ts';
import type { LiveStreamRepository } from './repository.ts';
import { RunningStream, type RunningStreamDeps } from './running-stream.ts';

export interface LiveRecorderDeps {
  readonly streams: LiveStreamRepository;
  readonly recordings: RecordingRepository;
  readonly folders: RecordingFolders;
  readonly jobs: Jobs;
  /** Of the segments. */
  readonly bucket: StorageProvider;
  /** Of the recordings. */
  readonly storage: StorageProvider;
  /** The bucket or the folder of the recordings, as `file_path` names it. */
  readonly place: string;
  /** Rejects with the reason while there is no space for another one. */
  readonly demandSpace: () => Promise<void>;
  readonly announce: (recordingId: string) => Promise<void>;
  readonly limits: LiveLimits;
  readonly logger: Logger;
}

export type LiveLimits = RunningStreamDeps['limits'] & {
  readonly downloads: number;
  readonly maxStreams: number;
  /** How many are made into files at once, and for how long that is tried. */
  readonly jobs: number;
  readonly retryForMs: number;
};

export interface StreamNews {
  readonly streamId: string;
  readonly streamKey: string;
  readonly userId: string | null;
  /** By the clock of the stream service. */
  readonly at: Date;
  readonly playlistUrl: string | null;
}

const QUEUE = 'finish-live-recording';
const LOOK_INTERVAL_MS = 15_000;
const BUSY_RETRY_SECONDS = 30;

export class LiveRecorder implements RecordingMaker {
  readonly #deps: LiveRecorderDeps;
  readonly #queue: Queue;
  readonly #slots: Slots;
  /** By the id of their recordings. */
  readonly #running = new Map<string, RunningStream>();
  /** What is told of one stream is done in the order of its coming. */
  readonly #order = new KeyedQueue<string>();
  /** Two that begin at once must not both take the last place, or the same key. */
  readonly #beginnings = new SerialQueue();
  #interval: Timer | undefined;
  #closed: Promise<void> | undefined;

  static async create(deps: LiveRecorderDeps): Promise<LiveRecorder> {
    const finishing = new LiveFinishing(deps);
    const queue = await deps.jobs.work({
      name: QUEUE,
      concurrency: deps.limits.jobs,
      ...retriesFor(deps.limits.retryForMs),
      run: (id, attempt, signal) => finishing.run(id, attempt, signal),
    });
    return new LiveRecorder(deps, queue);
  }

  private constructor(deps: LiveRecorderDeps, queue: Queue) {
    this.#deps = deps;
    this.#queue = queue;
    this.#slots = new Slots(deps.limits.downloads);
  }

  /** Those that are monitored, also after their end while their tail is awaited. */
  get runningStreams(): LiveStreamRow[] {
    return [...this.#running.values()].map(({ stream }) => stream);
  }

  /** Goes on with what an earlier run left, and looks from time to time whether something was left behind. */
  async start(): Promise<void> {
    const look = () => runInBackground(this.look(), 'looking after live recordings', this.#deps.logger);
    this.#interval = setInterval(look, LOOK_INTERVAL_MS);
    await this.look();
    this.#deps.logger.info('Stream Monitor started');
  }

  /** Twice, late or after the end of the stream it changes nothing. Rejects with `unavailable` while no more can be recorded. */
  started(news: StreamNews): Promise<void> {
    return this.#order.run(news.streamId, async () => {
      const known = await this.#deps.streams.find(news.streamId);
      if (known) {
        await this.#deps.streams.noteStarted(news.streamId, news.at);
        return this.#takeUp(known);
      }
      await this.#begin(news, { startedAt: news.at, endedAt: null });
    });
  }

  /** Of a stream that nobody told of, what is there is recorded all the same. Twice it changes nothing. */
  ended(news: StreamNews): Promise<void> {
    return this.#order.run(news.streamId, async () => {
      const known = await this.#deps.streams.find(news.streamId);
      if (!known) return this.#begin(news, { startedAt: null, endedAt: news.at });
      await this.#end(known, news.at);
    });
  }

  async retry(id: string): Promise<void> {
    const { recordings, announce } = this.#deps;
    if (!(await recordings.beginAgain(id))) {
      throw new AppError(
        'conflict',
        'Only a recording that failed, or waits for another attempt, can be made again.',
      );
    }
    await this.#queue.cancel(id);
    await this.#queue.send(id);
    await announce(id);
  }

  async remove(id: string): Promise<void> {
    const { recordings, streams, folders, storage } = this.#deps;
    const stream = await streams.findOfRecording(id);
    await recordings.markDeleted(id);
    await this.#stop(id);
    await this.#queue.cancel(id);
    await folders.remove(id);
    if (stream?.objectKey) await storage.delete(stream.objectKey);
    if (stream && stream.endedAt === null) await streams.noteEnded(stream.streamId, new Date());
    await recordings.remove(id);
  }

  /** Hands on whatever is neither monitored nor finished. */
  async look(): Promise<void> {
    const { streams, logger } = this.#deps;
    for (const id of await streams.findDeleted()) await this.remove(id);
    for (const { stream, recording } of await streams.findUnfinished()) {
      try {
        if (recording.status === 'processing') await this.#queue.send(recording.id);
        else await this.#order.run(stream.streamId, () => this.#takeUp(stream));
      } catch (error) {
        logger.warn({ err: error, recordingId: recording.id }, 'a live recording could not be looked after');
      }
    }
  }

  /** Stops looking at streams; the next run goes on with them. Twice is no error. */
  close(): Promise<void> {
    this.#closed ??= this.#closeOnce();
    return this.#closed;
  }

  async #closeOnce(): Promise<void> {
    clearInterval(this.#interval);
    await this.#order.idle();
    await Promise.all([...this.#running.values()].map((running) => running.close()));
    this.#running.clear();
  }

  async #begin(news: StreamNews, times: Pick<LiveStreamRow, 'startedAt' | 'endedAt'>): Promise<void> {
    const allowsPrivate = this.#deps.limits.allowsPrivateUrls;
    if (news.playlistUrl !== null) await demandPublicUrl(news.playlistUrl, { allowsPrivate });
    await this.#beginnings.run(() => this.#beginInTurn(news, times));
  }

  async #beginInTurn(news: StreamNews, times: Pick<LiveStreamRow, 'startedAt' | 'endedAt'>): Promise<void> {
    const { streams, limits, demandSpace, announce, logger } = this.#deps;
    const newer = this.#newerThan(news);
    if (newer) {
      const facts = { streamId: news.streamId, newerStreamId: newer.stream.streamId };
      logger.warn(facts, 'a stream is not recorded: another one of the same key began after it');
      return;
    }
    if (this.#running.size >= limits.maxStreams) {
      throw new AppError(
        'unavailable',
        `${limits.maxStreams} live streams are being recorded, and more may not be (LIVE_MAX_STREAMS).`,
        'server',
        { retryAfterSeconds: BUSY_RETRY_SECONDS },
      );
    }
    await demandSpace();
    const { streamId, streamKey, userId, playlistUrl, at } = news;
    if (times.endedAt === null) await this.#endOthersOf(streamKey, at);
    const id = newId();
    const recording = {
      id,
      kind: 'live' as const,
      streamId,
      ownerId: userId,
      name: streamKey,
      plan: { format: 'mp4' },
    };
    const isNew = await streams.begin({ streamId, streamKey, playlistUrl, ...times }, recording);
    const stream = await streams.find(streamId);
    if (!isNew || !stream) return;
    await this.#takeUp(stream);
    await announce(id);
  }

  /** What lies under the key is of that one: news that were late must neither end it nor have it recorded twice. */
  #newerThan({ streamKey, at }: StreamNews): RunningStream | undefined {
    return [...this.#running.values()].find(({ stream, startedAt }) => {
      return stream.streamKey === streamKey && startedAt !== undefined && startedAt > at;
    });
  }

  /** A key publishes one stream at a time: what still runs under it has ended, whether that was told or not. */
  async #endOthersOf(streamKey: string, at: Date): Promise<void> {
    for (const running of this.#running.values()) {
      if (running.stream.streamKey !== streamKey) continue;
      const wasLive = await this.#deps.streams.noteEnded(running.stream.streamId, at);
      // What comes from now on is of the other one.
      await this.#deps.streams.noteTaken(
        running.stream.streamId,
        new Date(Math.min(at.getTime(), Date.now()) - 1),
      );
      running.monitor.end({ isCut: true });
      if (wasLive)
        this.#deps.logger.warn({ streamId: running.stream.streamId }, 'another stream of the same key began');
    }
  }

  /** Has it monitored, when it is to be and is not yet. */
  async #takeUp(stream: LiveStreamRow): Promise<void> {
    const { recordingId } = stream;
    if (recordingId === null || this.#running.has(recordingId) || this.#closed) return;
    const row = await this.#deps.recordings.findRow(recordingId);
    if (row?.status !== 'recording' || row.deletedAt) return;
    const running = await RunningStream.open(
      { ...this.#deps, slots: this.#slots },
      {
        stream,
        recordingId,
        onFinished: (one) => runInBackground(this.#handOver(one), 'finishing a stream', this.#deps.logger),
      },
    );
    this.#running.set(recordingId, running);
    // As long as it is not finished, only the beginning of another one notes what was taken of it.
    if (stream.endedAt !== null) running.monitor.end({ isCut: stream.takenUntil !== null });
    running.monitor.start();
  }

  async #end(stream: LiveStreamRow, at: Date): Promise<void> {
    const { streams, logger } = this.#deps;
    if (!(await streams.noteEnded(stream.streamId, at))) return;
    await this.#takeUp({ ...stream, endedAt: at });
    const running = stream.recordingId === null ? undefined : this.#running.get(stream.recordingId);
    if (!running) return;
    logger.info(
      { streamId: stream.streamId, recordingId: running.recordingId },
      'Stream ended, starting processing...',
    );
    running.monitor.end();
  }

  /** All of it is there: it is made into a file. What cannot be written down now is done by the next look. */
  async #handOver(running: RunningStream): Promise<void> {
    const { streams, recordings, announce } = this.#deps;
    const { recordingId, stream } = running;
    try {
      await running.writeSize();
      await streams.noteEnded(stream.streamId, new Date());
      if (running.monitor.newestAt) await streams.noteTaken(stream.streamId, running.monitor.newestAt);
      await recordings.endCapture(recordingId);
      const { problem } = running.monitor;
      if (problem !== undefined && running.monitor.journal.segments.length === 0) {
        await recordings.noteProgress(recordingId, { phase: 'waiting', progress: 0, failureReason: problem });
      }
      await this.#queue.send(recordingId);
    } finally {
      // Nothing is looked at any more; if it could not be handed on it is taken up again.
      this.#running.delete(recordingId);
      await running.close();
    }
    await announce(recordingId);
  }

  async #stop(recordingId: string): Promise<void> {
    const running = this.#running.get(recordingId);
    this.#running.delete(recordingId);
    await running?.close();
  }
}
