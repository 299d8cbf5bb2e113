/** Plays a stream that comes in pieces (Media Source Extensions) in a video element, close to its end. */
import { firstPartIn } from './framer.ts';
import { mediaTypeOf } from './media-type.ts';

/** Seconds behind the end of what is there: enough for the next piece to come in time. */
const LAG_SECONDS = 0.8;
/** With more it jumps. */
const MAX_LAG_SECONDS = 4;
/** With less before a hole, playing has stopped there. */
const HOLE_SECONDS = 0.15;
/** What was played longer ago is forgotten. */
const KEPT_SECONDS = 30;
/** Pieces that wait to be understood; with more the stream is begun anew by its next header. */
const MAX_WAITING = 400;

interface Playing {
  readonly source: MediaSource;
  readonly url: string;
  readonly waiting: Uint8Array<ArrayBuffer>[];
  buffer: SourceBuffer | undefined;
  /** A part has begun since the header. */
  isWhole: boolean;
}

export class StreamPlayback {
  readonly #video: HTMLVideoElement;
  #playing: Playing | undefined;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Takes the next piece. One that begins a stream replaces what was there; what comes before any beginning is dropped. */
  push(piece: ArrayBuffer): void {
    let bytes = new Uint8Array(piece);
    const type = mediaTypeOf(bytes);
    const part = this.#playing?.isWhole && type === undefined ? 0 : firstPartIn(bytes);
    if (type !== undefined) {
      this.#begin(type);
      // Sources that are no browser send some of the stream with its header: who comes late has no use for that.
      if (part >= 0) bytes = bytes.slice(0, part);
    } else {
      // Who comes late may come in the middle of a part, which nobody understands without its beginning.
      if (!this.#playing || part < 0) return;
      bytes = bytes.slice(part);
      this.#playing.isWhole = true;
    }
    if (!this.#playing) return;
    if (this.#playing.waiting.length >= MAX_WAITING) {
      this.close();
      return;
    }
    this.#playing.waiting.push(bytes);
    this.#feed(this.#playing);
  }

  /** Twice is no error; another stream may begin after it. */
  close(): void {
    const playing = this.#playing;
    if (!playing) return;
    this.#playing = undefined;
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(playing.url);
  }

  #begin(type: string): void {
    this.close();
    const source = new MediaSource();
    const url = URL.createObjectURL(source);
    const playing: Playing = { source, url, waiting: [], buffer: undefined, isWhole: false };
    this.#playing = playing;
    source.addEventListener(
      'sourceopen',
      () => {
        if (playing !== this.#playing) return;
        if (!MediaSource.isTypeSupported(type)) return this.close();
        const buffer = source.addSourceBuffer(type);
        playing.buffer = buffer;
        buffer.addEventListener('updateend', () => {
          this.#follow(playing);
          this.#feed(playing);
        });
        // Something in it cannot be played: it goes on with the next header.
        buffer.addEventListener('error', () => {
          if (playing === this.#playing) this.close();
        });
        this.#feed(playing);
      },
      { once: true },
    );
    this.#video.src = playing.url;
  }

  #feed(playing: Playing): void {
    const { buffer, waiting, source } = playing;
    if (playing !== this.#playing || !buffer || buffer.updating || source.readyState !== 'open') return;
    const forgetBefore = this.#video.currentTime - KEPT_SECONDS;
    const { buffered } = buffer;
    if (buffered.length > 0 && buffered.start(0) < forgetBefore - KEPT_SECONDS) {
      buffer.remove(0, forgetBefore);
      return;
    }
    const next = waiting.shift();
    if (!next) return;
    try {
      buffer.appendBuffer(next);
    } catch {
      // Full, or broken.
      this.close();
    }
  }

  /** Plays close to the end, and over holes: a stream has one where a picture was late, and before who came late. */
  #follow(playing: Playing): void {
    const video = this.#video;
    const { buffered, currentTime, seeking } = video;
    if (playing !== this.#playing || buffered.length === 0) return;
    const start = buffered.start(buffered.length - 1);
    const end = buffered.end(buffered.length - 1);
    if (!seeking) {
      if (end - currentTime > MAX_LAG_SECONDS) video.currentTime = Math.max(start, end - LAG_SECONDS);
      else if (isAtHole(buffered, currentTime)) video.currentTime = start;
    }
    if (video.paused) void video.play().catch(() => undefined);
  }
}

/** Nothing more can be played here, and there is something later. */
function isAtHole(buffered: TimeRanges, time: number): boolean {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= time && buffered.end(index) > time + HOLE_SECONDS) return false;
  }
  return buffered.start(buffered.length - 1) > time;
}
