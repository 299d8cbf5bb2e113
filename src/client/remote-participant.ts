/** Somebody else in the call, with the tracks that they publish. */
import type { Participant, TrackSource } from '../protocol/index.ts';
import type { RemoteTrack } from './remote-track.ts';

export class RemoteParticipant {
  readonly userId: string;
  readonly joinedAt: Date;
  /** By track id. */
  readonly tracks = new Map<string, RemoteTrack>();
  #name: string;
  #metadata: unknown;

  constructor(participant: Participant) {
    this.userId = participant.userId;
    this.joinedAt = new Date(participant.joinedAt);
    this.#name = participant.name;
    this.#metadata = participant.metadata;
  }

  get name(): string {
    return this.#name;
  }

  get metadata(): unknown {
    return this.#metadata;
  }

  /** The newest track of a source. */
  track(source: TrackSource): RemoteTrack | undefined {
    return [...this.tracks.values()].findLast((track) => track.source === source);
  }

  /** For the SDK itself. */
  update({ name, metadata }: Participant): void {
    this.#name = name;
    this.#metadata = metadata;
  }
}
