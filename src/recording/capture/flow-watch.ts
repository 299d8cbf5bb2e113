/**
 * Looks whether what flows out of a tap arrives in its file. A reader asks for nothing by itself: without a keyframe one lost
 * packet freezes its picture, and one that stands still says nothing about it.
 */
import { statSync } from 'node:fs';
import { AppError } from '../../lib/index.ts';
import type { Tap } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';

export interface FlowWatchOptions {
  readonly tap: Tap;
  readonly path: string;
  readonly logger: Logger;
  /** The track flows, and nothing of it arrives. At most once. */
  readonly onStalled: () => void;
}

/** What is lost of a picture shows; of a sound that stands still nobody asks anything. */
const VIDEO_INTERVAL_MS = 150;
const AUDIO_INTERVAL_MS = 1_000;
/** A reader that wrote nothing for so long, although packets came, will not recover. */
const STALL_MS = 3_000;
/** For so long a reader may wait for a packet that is missing; then it tells that by itself, as a rule. */
const PATIENCE_MS = 450;
/** A keyframe costs the sender, and takes a moment to come. */
const KEYFRAME_PACE_MS = 300;
/** Codes of what is asked of a track that is gone, or of its worker. */
const GONE: ReadonlySet<string> = new Set(['not_found', 'unavailable']);

export class FlowWatch {
  readonly #options: FlowWatchOptions;
  readonly #timer: Timer;
  #isLooking = false;
  #size = 0;
  /** What the tap had sent when it was asked last, since the file stopped growing. */
  #sent: number | undefined;
  /** Since when packets flow and the file does not grow. */
  #deafSinceMs: number | undefined;
  #askedAtMs = -KEYFRAME_PACE_MS;

  /** From when on packets may come. */
  constructor(options: FlowWatchOptions) {
    this.#options = options;
    const intervalMs = options.tap.isVideo ? VIDEO_INTERVAL_MS : AUDIO_INTERVAL_MS;
    this.#timer = setInterval(() => {
      // A worker that hangs does not answer: one question at a time.
      if (this.#isLooking) return;
      this.#isLooking = true;
      const look = this.#look().finally(() => {
        this.#isLooking = false;
      });
      runInBackground(look, 'watching a segment', options.logger);
    }, intervalMs);
  }

  /** Packets were lost: without a keyframe the picture does not go on. */
  askForKeyFrame(): void {
    const now = performance.now();
    const { tap, logger } = this.#options;
    if (!tap.isVideo || tap.isClosed || now - this.#askedAtMs < KEYFRAME_PACE_MS) return;
    this.#askedAtMs = now;
    runInBackground(unlessClosed(tap, tap.requestKeyFrame()), 'asking for a keyframe', logger);
  }

  /** Twice is no error. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { tap, path } = this.#options;
    if (tap.isClosed) return;
    // The kernel knows it without asking the disk; to ask by way of another thread costs twenty times as much, for every track.
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > this.#size || tap.isPaused) {
      this.#size = size;
      this.#sent = undefined;
      this.#deafSinceMs = undefined;
      tap.forgetLayers();
      return;
    }
    const before = this.#sent;
    this.#sent = await unlessClosed(tap, tap.countSent());
    if (this.#sent === undefined) return;
    if (before === undefined || this.#sent === before) {
      // A sender that is silent may be so; one that stopped its upper layer has others.
      this.#deafSinceMs = undefined;
      await unlessClosed(tap, tap.lookForLayers());
    } else this.#noteDeaf();
  }

  #noteDeaf(): void {
    const now = performance.now();
    this.#deafSinceMs ??= now;
    const deafForMs = now - this.#deafSinceMs;
    if (deafForMs >= STALL_MS) {
      this.close();
      this.#options.onStalled();
    } else if (deafForMs >= PATIENCE_MS) this.askForKeyFrame();
  }
}

/** What fails since the tap ended meanwhile is no failure; the worker may know of it before the tap does. */
async function unlessClosed<T>(tap: Tap, request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (tap.isClosed || (error instanceof AppError && GONE.has(error.code))) return undefined;
    throw error;
  }
}
