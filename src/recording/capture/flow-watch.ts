/**
 * Looks whether what flows out of a tap arrives in its file. A reader asks for nothing by itself: without a keyframe one lost
 * packet freezes its picture, and one that stands still says nothing about it.
 */
import { stat } from 'node:fs/promises';
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
const VIDEO_INTERVAL_MS = 250;
const AUDIO_INTERVAL_MS = 1_000;
/** Files grow ten times a second. */
const QUIET_MS = 400;
/** A reader that wrote nothing for so long, although packets came, will not recover. */
const STALL_MS = 3_000;
/** A keyframe costs the sender, and takes a moment to come. */
const KEYFRAME_PACE_MS = 300;

export class FlowWatch {
  readonly #options: FlowWatchOptions;
  readonly #timer: Timer;
  #isLooking = false;
  #size = 0;
  #quietSinceMs = performance.now();
  /** What the tap had sent when it was asked last, since the file stopped growing. */
  #sent: number | undefined;
  /** Since when packets flow and the file does not grow. */
  #deafSinceMs: number | undefined;
  #askedAtMs = -KEYFRAME_PACE_MS;

  /** From the first packet on. */
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
    const { tap, path, onStalled } = this.#options;
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (size > this.#size || tap.isPaused || tap.isClosed) {
      this.#size = size;
      this.#rest();
      return;
    }
    if (performance.now() - this.#quietSinceMs < QUIET_MS) return;
    const before = this.#sent;
    this.#sent = await unlessClosed(tap, tap.countSent());
    if (before === undefined || this.#sent === undefined) return;
    if (this.#sent === before) return await this.#wake();
    const now = performance.now();
    this.#deafSinceMs ??= now;
    if (now - this.#deafSinceMs >= STALL_MS) {
      this.close();
      onStalled();
    } else this.askForKeyFrame();
  }

  /** Nothing flows: a sender that is silent may be so; one that stopped its upper layer has others. */
  async #wake(): Promise<void> {
    const { tap } = this.#options;
    this.#deafSinceMs = undefined;
    if (await unlessClosed(tap, tap.stepDown())) this.#rest();
  }

  #rest(): void {
    this.#quietSinceMs = performance.now();
    this.#sent = undefined;
    this.#deafSinceMs = undefined;
  }
}

/** What fails since the tap ended meanwhile is no failure. */
async function unlessClosed<T>(tap: Tap, request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (tap.isClosed) return undefined;
    throw error;
  }
}
