/** One published track in as many segments as it takes: each gap ends one, and the next begins as soon as media can flow. */
import { join } from 'node:path';
import { SerialQueue, type Unsubscribe } from '../../lib/index.ts';
import type { Publication } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { CaptureTools } from './capture-tools.ts';
import { isSpaceError } from './folder-space.ts';
import { Restarts } from './restarts.ts';
import { Segment } from './segment.ts';

export interface TrackCaptureOptions {
  readonly publication: Publication;
  readonly tools: CaptureTools;
  readonly logger: Logger;
}

export class TrackCapture {
  readonly publication: Publication;
  readonly #tools: CaptureTools;
  readonly #logger: Logger;
  /** One change at a time: begin, end, begin again. */
  readonly #queue = new SerialQueue();
  readonly #abort = new AbortController();
  readonly #restarts: Restarts;
  readonly #stopListening: Unsubscribe;
  #segment: Segment | undefined;
  #lastFailure = '';

  /** Begins at once, in the background. */
  constructor(options: TrackCaptureOptions) {
    const { publication, tools, logger } = options;
    const { trackId } = publication;
    this.publication = publication;
    this.#tools = tools;
    this.#logger = logger.child({ trackId });
    this.#restarts = new Restarts({
      onDue: () => this.align(),
      onHopeless: () => {
        tools.troubles.begin({ reason: 'track-not-captured', trackId, message: this.#lastFailure });
      },
      onSteady: () => tools.troubles.end('track-not-captured', trackId),
    });
    this.#stopListening = publication.events.on('changed', () => this.align());
    this.align();
  }

  /** Process ids of the readers that run; one, or none between two segments. */
  get readerPids(): number[] {
    return this.#segment ? [this.#segment.readerPid] : [];
  }

  /** Resolves when its segment is ready for the first packet, or could not be made so. Never rejects. */
  ready(): Promise<void> {
    return this.#queue.idle();
  }

  /** To be called when something changed on which it depends whether there is a segment: it begins or ends one. */
  align(): void {
    const task = () => (this.#shouldRun ? this.#open() : this.#segment?.stop());
    runInBackground(this.#queue.run(task), 'beginning or ending a segment', this.#logger);
  }

  /** Ends the last segment in good order. Resolves when nothing runs any more. Twice is no error. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#stopListening();
    this.#restarts.close();
    await this.#queue.run(() => this.#segment?.stop());
    this.#tools.troubles.end('track-not-captured', this.publication.trackId);
  }

  /**
   * A paused track has no segment: some senders do not advance the time of their RTP over a pause. One that is lost comes back
   * as another publication, with a capture of its own.
   */
  get #shouldRun(): boolean {
    const { isClosed, isLost, isPaused } = this.publication;
    return !(this.#abort.signal.aborted || isClosed || isLost || isPaused || this.#tools.space.isFull);
  }

  async #open(): Promise<void> {
    if (this.#segment) return;
    const { publication } = this;
    const { folder, timeline, nextSegmentName } = this.#tools;
    const name = nextSegmentName(publication);
    try {
      const segment = await Segment.create({
        publication,
        tools: this.#tools,
        path: join(folder, name),
        logger: this.#logger,
        signal: this.#abort.signal,
      });
      this.#segment = segment;
      this.#follow(segment, name);
      const { trackId } = publication;
      // First of all, for what is not written down could not be placed later.
      const written = timeline.note({ type: 'segment-opened', segment: name, trackId, ...segment.codec });
      await written.catch(async (error: unknown) => {
        await segment.stop();
        throw error;
      });
      await segment.start();
    } catch (error) {
      if (this.#shouldRun) this.#fail(error, name);
    }
  }

  #follow(segment: Segment, name: string): void {
    const { timeline } = this.#tools;
    segment.events.on('began', ({ rtpTimestamp }) => {
      this.#restarts.noteSuccess();
      timeline.add({ type: 'segment-began', segment: name, rtpTimestamp });
    });
    segment.events.on('reported', (report) => {
      const wallMs = timeline.toWallMs(segment.toMonotonicMs(report));
      timeline.jot({ type: 'sender-report', segment: name, wallMs, rtpTimestamp: report.rtpTimestamp });
    });
    segment.events.on('missed', (packets) =>
      timeline.jot({ type: 'packets-missed', segment: name, packets }),
    );
    segment.events.on('ended', (reason) => {
      this.#segment = undefined;
      timeline.add({ type: 'segment-ended', segment: name, reason });
      if (reason === 'disk-full') this.#tools.space.noteFull();
      else if (reason !== 'stopped' && this.#shouldRun) this.#fail(reason, name);
    });
  }

  #fail(why: unknown, segment: string): void {
    if (isSpaceError(why)) {
      this.#tools.space.noteFull();
      return;
    }
    this.#lastFailure = why instanceof Error ? why.message : String(why);
    this.#logger.warn({ why: this.#lastFailure, segment }, 'a segment could not begin, or ended too early');
    this.#restarts.noteFailure();
  }
}
