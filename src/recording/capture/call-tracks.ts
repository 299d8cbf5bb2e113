/** Which tracks of a call are captured: one capture for each that is published, another when it is published again. */
import type { Publication } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { Track } from '../../protocol/index.ts';
import type { CaptureTools } from './capture-tools.ts';
import { TrackCapture } from './track-capture.ts';

export class CallTracks {
  readonly #tools: CaptureTools;
  readonly #logger: Logger;
  /** By track id. */
  readonly #captures = new Map<string, TrackCapture>();
  /** Those that end, with what they still write. */
  readonly #closing = new Set<Promise<void>>();
  readonly #paused = new Set<string>();
  #isClosed = false;

  constructor(tools: CaptureTools, logger: Logger) {
    this.#tools = tools;
    this.#logger = logger;
    tools.space.events.on('freed', () => {
      for (const capture of this.#captures.values()) capture.align();
    });
  }

  /** Process ids of the readers that run. */
  get readerPids(): number[] {
    return [...this.#captures.values()].flatMap(({ readerPids }) => readerPids);
  }

  /** A track that is known already was published again, after its worker was lost. */
  take(track: Track, publication: Publication): void {
    if (this.#isClosed) return;
    const { trackId, userId, kind, source } = track;
    const known = this.#captures.get(trackId);
    if (known?.publication === publication) return;
    if (known) this.#close(known);
    else this.#tools.timeline.add({ type: 'track-added', trackId, userId, kind, source });
    this.#captures.set(trackId, new TrackCapture({ publication, tools: this.#tools, logger: this.#logger }));
    this.notePause(track);
  }

  /** The track is gone. One that is not known is no error. */
  drop(trackId: string): void {
    const capture = this.#captures.get(trackId);
    if (!capture || this.#isClosed) return;
    this.#captures.delete(trackId);
    this.#paused.delete(trackId);
    this.#close(capture);
    this.#tools.timeline.add({ type: 'track-removed', trackId });
  }

  /** Writes down whether a track is paused, when that changed. */
  notePause({ trackId, isPaused }: Track): void {
    if (!this.#captures.has(trackId) || isPaused === this.#paused.has(trackId)) return;
    if (isPaused) this.#paused.add(trackId);
    else this.#paused.delete(trackId);
    this.#tools.timeline.add({ type: isPaused ? 'track-paused' : 'track-resumed', trackId });
  }

  /** Resolves when every track that is known now is ready for its first packet, or could not be made so. Never rejects. */
  async ready(): Promise<void> {
    await Promise.all([...this.#captures.values()].map((capture) => capture.ready()));
  }

  /** Ends every segment in good order. Resolves when no reader runs any more. Twice is no error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#closing, ...[...this.#captures.values()].map((capture) => capture.close())]);
  }

  #close(capture: TrackCapture): void {
    const closing = capture.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    runInBackground(closing, 'ending a capture', this.#logger);
  }
}
