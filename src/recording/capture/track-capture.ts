/** One published track in as many segments as it takes: each gap ends one, and the next begins as soon as media can flow. */
import { join } from 'node:path';
import { SerialQueue, type Unsubscribe } from '../../lib/index.ts';
import type { Publication } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { CaptureTools } from './capture-tools.ts';
import { Segment, type SegmentEnd } from './segment.ts';

export interface TrackCaptureOptions {
  readonly publication: Publication;
  readonly tools: CaptureTools;
  readonly logger: Logger;
}

/** A reader that dies again and again is started no faster than this. */
const RESTART_DELAY_MS = 250;
const MAX_RESTART_DELAY_MS = 5_000;

export class TrackCapture {
  readonly publication: Publication;
  readonly #tools: CaptureTools;
  readonly #logger: Logger;
  /** One change at a time: begin, end, begin again. */
  readonly #queue = new SerialQueue();
  #segment: Segment | undefined;
  #failures = 0;
  #restart: Timer | undefined;
  readonly #stopListening: Unsubscribe;
  #isClosed = false;

  /** Begins at once, in the background. */
  constructor(options: TrackCaptureOptions) {
    this.publication = options.publication;
    this.#tools = options.tools;
    this.#logger = options.logger.child({ trackId: options.publication.trackId });
    this.#stopListening = this.publication.events.on('changed', () => this.#align());
    this.#align();
  }

  /** Process ids of the readers that run; one, or none between two segments. */
  get readerPids(): number[] {
    return this.#segment ? [this.#segment.readerPid] : [];
  }

  /** Ends the last segment in good order. Resolves when nothing runs any more. Twice is no error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
    clearTimeout(this.#restart);
    await this.#queue.run(() => this.#segment?.stop());
  }

  /** A paused track has no segment: some senders do not advance the time of their RTP over a pause. */
  #align(): void {
    const task = () => (this.publication.isPaused ? this.#segment?.stop() : this.#open());
    runInBackground(this.#queue.run(task), 'beginning or ending a segment', this.#logger);
  }

  async #open(): Promise<void> {
    const { isClosed, isLost, isPaused } = this.publication;
    // A track that is lost comes back as another publication, with a capture of its own.
    if (this.#isClosed || this.#segment || isClosed || isLost || isPaused) return;
    const { endpoint, ports, folder, timeline, starts, nextSegmentName } = this.#tools;
    const name = nextSegmentName(this.publication);
    try {
      const { publication } = this;
      const path = join(folder, name);
      const options = { publication, endpoint, ports, path, logger: this.#logger };
      const segment = await starts.run(() =>
        Segment.create({
          ...options,
          onOpened: (codec) =>
            timeline.note({
              type: 'segment-opened',
              segment: name,
              trackId: publication.trackId,
              ...codec,
            }),
        }),
      );
      this.#segment = segment;
      this.#follow(segment, name);
    } catch (error) {
      this.#logger.warn({ err: error, segment: name }, 'a segment could not begin');
      this.#beginAgain();
    }
  }

  #follow(segment: Segment, name: string): void {
    const note = (happening: Parameters<CaptureTools['timeline']['note']>[0]) =>
      runInBackground(this.#tools.timeline.note(happening), 'writing the timeline', this.#logger);
    segment.events.on('began', ({ rtpTimestamp }) => {
      this.#failures = 0;
      note({ type: 'segment-began', segment: name, rtpTimestamp });
    });
    segment.events.on('reported', (report) => note({ type: 'sender-report', segment: name, ...report }));
    segment.events.on('ended', (reason) => {
      if (this.#segment === segment) this.#segment = undefined;
      note({ type: 'segment-ended', segment: name, reason });
      if (isWorthAnother(reason)) this.#beginAgain();
    });
  }

  #beginAgain(): void {
    if (this.#isClosed) return;
    const delayMs =
      this.#failures === 0 ? 0 : Math.min(MAX_RESTART_DELAY_MS, RESTART_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.#align(), delayMs);
  }
}

function isWorthAnother(reason: SegmentEnd): boolean {
  return reason === 'reader-died' || reason === 'stalled';
}
