/** A track that we publish. It outlives connections: when one is resumed it stays published, after a new join it is published again. */
import type { TrackSource } from '../protocol/index.ts';

export interface PublishOptions {
  readonly source: TrackSource;
  /** Send three sizes, so that everyone receives the one that they show; by default for a camera only. */
  readonly isSimulcast?: boolean;
  /** Publish it muted. */
  readonly isPaused?: boolean;
}

export class LocalTrack {
  readonly source: TrackSource;
  readonly isSimulcast: boolean;
  #mediaTrack: MediaStreamTrack;
  /** Null while it is not published. */
  trackId: string | null = null;
  isPaused: boolean;
  /** For the SDK itself: how many changes of `isPaused` the server has not answered yet. */
  pendingPauses = 0;

  constructor(mediaTrack: MediaStreamTrack, options: PublishOptions) {
    this.#mediaTrack = mediaTrack;
    this.source = options.source;
    this.isSimulcast = options.isSimulcast ?? options.source === 'camera';
    this.isPaused = options.isPaused ?? false;
  }

  get kind(): 'audio' | 'video' {
    return this.#mediaTrack.kind === 'audio' ? 'audio' : 'video';
  }

  get mediaTrack(): MediaStreamTrack {
    return this.#mediaTrack;
  }

  /** For the SDK itself: `CallClient.replaceTrack` tells the sender too. */
  useMediaTrack(mediaTrack: MediaStreamTrack): void {
    this.#mediaTrack = mediaTrack;
  }
}
