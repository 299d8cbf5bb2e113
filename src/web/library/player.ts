/** A `<video>` of a file that is there for ten minutes at a time: it goes on with another link where the last one ended. */
import { h } from '../dom.ts';
import type { FileWish } from './links.ts';

export interface PlayerOptions {
  readonly urlOf: (wish: FileWish) => Promise<string>;
  /** It cannot be played, or only not now. */
  readonly onFailed: (error: unknown) => void;
}

/** A new link that fails as soon does not help either. */
const HOPELESS_MS = 3_000;

export class Player {
  readonly element = h('video', { controls: true, playsinline: true, preload: 'metadata', tabindex: '0' });
  readonly #options: PlayerOptions;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.element.addEventListener('error', () => void this.#handleError());
  }

  /** Begins, or begins once more after a failure, where it was. Never rejects. */
  start(): Promise<void> {
    return this.#play({ isRenewed: this.element.error !== null });
  }

  /** Lets go of the file, and of the connection that it comes over. Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
  }

  async #handleError(): Promise<void> {
    const { error } = this.element;
    if (this.#isClosed || !error) return;
    const isBroken = error.code === MediaError.MEDIA_ERR_DECODE;
    if (isBroken || performance.now() - this.#renewedAt < HOPELESS_MS) return this.#options.onFailed(error);
    this.#renewedAt = performance.now();
    await this.#play({ isRenewed: true });
  }

  async #play(wish: FileWish): Promise<void> {
    const { currentTime, paused, error } = this.element;
    try {
      const url = await this.#options.urlOf(wish);
      if (this.#isClosed) return;
      this.element.src = url;
      if (currentTime > 0) this.element.currentTime = currentTime;
      // Who stopped it and looked for another place is not surprised by sound.
      if (!error || !paused) await this.element.play();
    } catch (failure) {
      // What the element itself says comes as its event; and a browser may want to be asked before there is sound.
      if (!(failure instanceof DOMException) && !this.#isClosed) this.#options.onFailed(failure);
    }
  }
}
