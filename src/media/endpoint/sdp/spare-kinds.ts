/** Of which kinds a section waits for the client in the server's offers: what it may publish, and has not turned down. */
import type { MediaKind, TrackSource } from '../../../protocol/index.ts';

export class SpareKinds {
  readonly #mayPublish: (source: TrackSource) => boolean;
  readonly #declined = new Set<MediaKind>();

  constructor(mayPublish: (source: TrackSource) => boolean) {
    this.#mayPublish = mayPublish;
  }

  get wanted(): MediaKind[] {
    const kinds: MediaKind[] = [];
    if (this.#mayPublish('microphone') || this.#mayPublish('screen-audio')) kinds.push('audio');
    if (this.#mayPublish('camera') || this.#mayPublish('screen')) kinds.push('video');
    return kinds.filter((kind) => !this.#declined.has(kind));
  }

  /** A client that closes a section which waits for it does not get another one until it asks. */
  decline(kind: MediaKind): void {
    this.#declined.add(kind);
  }

  /** The client asks for an offer. */
  ask(): void {
    this.#declined.clear();
  }
}
