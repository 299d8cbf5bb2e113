/** One stream that is being recorded: its folder, its source and its monitor, and what of it is written into its row. */
import { join } from 'node:path';
import type { LiveStreamRow } from '../db/index.ts';
import type { Slots } from '../lib/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { RecordingFolders } from '../recording/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { type MonitorLimits, StreamMonitor } from './monitor.ts';
import type { LiveStreamRepository } from './repository.ts';
import { Journal } from './segments/journal.ts';
import { BucketSource } from './source/bucket-source.ts';
import type { SegmentSource } from './source/source.ts';
import { UrlSource } from './source/url-source.ts';

export interface RunningStreamDeps {
  readonly streams: LiveStreamRepository;
  readonly folders: RecordingFolders;
  /** Of the segments. */
  readonly bucket: StorageProvider;
  readonly limits: MonitorLimits & { readonly allowsPrivateUrls: boolean; readonly maxPlaylistLines: number };
  readonly slots: Slots;
  /** To be called after each change of the row. */
  readonly announce: (recordingId: string) => Promise<void>;
  readonly logger: Logger;
}

export interface RunningStreamOptions {
  readonly stream: LiveStreamRow;
  readonly recordingId: string;
  /** Called once, when all of it is there. */
  readonly onFinished: (stream: RunningStream) => void;
}

/** Clocks of the stream service, of the bucket and of this machine differ by less. */
const CLOCK_SLACK_MS = 30_000;
/** Rows are written so often at most. */
const NOTE_INTERVAL_MS = 2_000;
/** A row holds no more; how long its segments are is what a playlist says, true or not. */
const MAX_SECONDS = 2 ** 31 - 1;

export class RunningStream {
  readonly recordingId: string;
  readonly stream: LiveStreamRow;
  readonly monitor: StreamMonitor;
  readonly #deps: RunningStreamDeps;
  #notedAtMs = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #noting: Promise<void> = Promise.resolve();

  static async open(deps: RunningStreamDeps, options: RunningStreamOptions): Promise<RunningStream> {
    const { stream, recordingId } = options;
    const leftoverUntil = await deps.streams.findLeftoverUntil(stream);
    const journal = await Journal.open(join(deps.folders.root, recordingId));
    const startedAt = startOf(stream);
    const since = latest(startedAt && new Date(startedAt.getTime() - CLOCK_SLACK_MS), leftoverUntil);
    const logger = deps.logger.child({ recordingId, streamId: stream.streamId });
    const monitor = new StreamMonitor({
      journal,
      source: sourceOf(stream, since, deps),
      rules: { leftoverUntil, unnamedSince: startedAt && since },
      limits: deps.limits,
      slots: deps.slots,
      logger,
    });
    return new RunningStream({ ...deps, logger }, { ...options, monitor });
  }

  private constructor(deps: RunningStreamDeps, options: RunningStreamOptions & { monitor: StreamMonitor }) {
    this.#deps = deps;
    this.stream = options.stream;
    this.recordingId = options.recordingId;
    this.monitor = options.monitor;
    this.monitor.events.on('grown', () => this.#note());
    this.monitor.events.on('finished', () => options.onFinished(this));
  }

  /** Undefined when only its end was told. */
  get startedAt(): Date | undefined {
    return startOf(this.stream);
  }

  /** Resolves when nothing is written any more; what is there stays. */
  async close(): Promise<void> {
    await this.monitor.close();
    clearTimeout(this.#timer);
    await this.#noting;
  }

  /** Now and then, and the last one too. */
  #note(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#notedAtMs + NOTE_INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#notedAtMs = performance.now();
      this.#noting = this.writeSize().catch((error: unknown) => {
        this.#deps.logger.warn({ err: error }, 'how long a live recording is could not be written down');
      });
    }, waitMs);
  }

  async writeSize(): Promise<void> {
    const { duration, size } = this.monitor.journal.total;
    const seconds = Math.min(MAX_SECONDS, Math.round(duration));
    await this.#deps.streams.noteSize(this.recordingId, { duration: seconds, fileSize: size });
    runInBackground(this.#deps.announce(this.recordingId), 'telling of a live recording', this.#deps.logger);
  }
}

/** An event that is dated ahead of all clocks must not hide the segments that are there, nor the streams that follow. */
function startOf({ startedAt, createdAt }: LiveStreamRow): Date | undefined {
  if (startedAt === null) return undefined;
  return startedAt < createdAt ? startedAt : createdAt;
}

function sourceOf(stream: LiveStreamRow, since: Date | undefined, deps: RunningStreamDeps): SegmentSource {
  const { allowsPrivateUrls: allowsPrivate, maxPlaylistLines: maxLines } = deps.limits;
  const { playlistUrl, streamKey } = stream;
  if (playlistUrl !== null) return new UrlSource({ playlistUrl, allowsPrivate, maxLines });
  return new BucketSource({ storage: deps.bucket, streamKey, allowsPrivate, maxLines, since });
}

function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  // What lay there then is of before: this one begins a moment later.
  const after = b && new Date(b.getTime() + 1);
  if (!a || !after) return a ?? after;
  return a > after ? a : after;
}
