/** Everything that we publish, whether we are connected or not; and what is done to it in either case. */
import type { Track } from '../protocol/index.ts';
import type { CallClientEvents } from './call-events.ts';
import { CallError, isConnectionLost } from './errors.ts';
import type { Emitter } from './events.ts';
import { LocalTrack, type PublishOptions } from './local-track.ts';
import type { Publisher } from './publisher.ts';

export class LocalTracks {
  readonly #emitter: Emitter<CallClientEvents>;
  /** The publisher of the present media session. */
  readonly #publisher: () => Publisher | undefined;
  /** Each with the function that stops listening to its media track. */
  readonly #tracks = new Map<LocalTrack, () => void>();

  constructor(emitter: Emitter<CallClientEvents>, publisher: () => Publisher | undefined) {
    this.#emitter = emitter;
    this.#publisher = publisher;
  }

  get all(): readonly LocalTrack[] {
    return [...this.#tracks.keys()];
  }

  async publish(mediaTrack: MediaStreamTrack, options: PublishOptions): Promise<LocalTrack> {
    const local = new LocalTrack(mediaTrack, options);
    this.#tracks.set(local, this.#watch(local));
    try {
      await this.#publishNow(local);
    } catch (error) {
      this.#forget(local);
      throw error;
    }
    this.#changed();
    return local;
  }

  async unpublish(local: LocalTrack): Promise<void> {
    this.#forget(local);
    this.#changed();
    await ignoreLostConnection(this.#publisher()?.unpublish(local));
  }

  async replace(local: LocalTrack, mediaTrack: MediaStreamTrack): Promise<void> {
    if (!this.#tracks.has(local)) throw new CallError('not_found', 'The track is not being published.');
    this.#tracks.get(local)?.();
    local.useMediaTrack(mediaTrack);
    mediaTrack.enabled = !local.isPaused;
    this.#tracks.set(local, this.#watch(local));
    await this.#publisher()?.updateMediaTrack(local);
    this.#changed();
  }

  async setPaused(local: LocalTrack, isPaused: boolean): Promise<void> {
    local.isPaused = isPaused;
    // At once: whoever mutes must not be heard while the server is being asked.
    if (isPaused) local.mediaTrack.enabled = false;
    this.#changed();
    local.pendingPauses += 1;
    try {
      await ignoreLostConnection(this.#publisher()?.updatePause(local));
    } finally {
      local.pendingPauses -= 1;
    }
  }

  /** How the server has our tracks: what is paused there, and not by us, a moderator muted. */
  obey(tracks: readonly Track[]): void {
    for (const { trackId, isPaused } of tracks) {
      const local = this.all.find((candidate) => candidate.trackId === trackId);
      // Until our own change is answered this may be an echo of it, and then the later one wins.
      if (!local || !isPaused || local.isPaused || local.pendingPauses > 0) continue;
      this.setPaused(local, true).catch(() => undefined);
      this.#emitter.emit('localTrackMuted', local);
    }
  }

  /** Of those that the server has, the ones that are none of ours: an answer to us was lost. */
  strangers(tracks: readonly Track[]): string[] {
    const own = new Set(this.all.map(({ trackId }) => trackId));
    return tracks.map(({ trackId }) => trackId).filter((trackId) => !own.has(trackId));
  }

  /** On new media. */
  publishAgain(): void {
    for (const local of this.all) {
      this.#publishNow(local).then(
        () => this.#changed(),
        (error: unknown) => {
          this.#forget(local);
          this.#changed();
          if (error instanceof Error) this.#emitter.emit('problem', error);
        },
      );
    }
  }

  /** Stops listening to the media tracks, and leaves them running. */
  close(): void {
    for (const unwatch of this.#tracks.values()) unwatch();
    this.#tracks.clear();
  }

  async #publishNow(local: LocalTrack): Promise<void> {
    const publisher = this.#publisher();
    try {
      await publisher?.publish(local);
    } catch (error) {
      // With its connection lost it stays ours, and is published on the next one.
      if (this.#publisher() === publisher && !isConnectionLost(error)) throw error;
    }
  }

  #watch(local: LocalTrack): () => void {
    const { mediaTrack } = local;
    const ended = () => {
      this.unpublish(local).catch(() => undefined);
      this.#emitter.emit('localTrackEnded', local);
    };
    mediaTrack.addEventListener('ended', ended);
    return () => mediaTrack.removeEventListener('ended', ended);
  }

  #forget(local: LocalTrack): void {
    this.#tracks.get(local)?.();
    this.#tracks.delete(local);
  }

  #changed(): void {
    this.#emitter.emit('localTracksChanged', this.all);
  }
}

/** What was to be done is done when the next connection begins, from what the track says. */
async function ignoreLostConnection(work: Promise<void> | undefined): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
  }
}
