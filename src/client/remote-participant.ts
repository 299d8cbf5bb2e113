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
  #isConnected: boolean;
  #handRaisedAt: Date | null;

  constructor(participant: Participant) {
    this.userId = participant.userId;
    this.joinedAt = new Date(participant.joinedAt);
    this.#name = participant.name;
    this.#metadata = participant.metadata;
    this.#isConnected = participant.isConnected;
    this.#handRaisedAt = dateOf(participant.handRaisedAt);
  }

  get name(): string {
    return this.#name;
  }

  get metadata(): unknown {
    return this.#metadata;
  }

  /** False while their connection is lost and may come back. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Null while their hand is down. */
  get handRaisedAt(): Date | null {
    return this.#handRaisedAt;
  }

  /** The newest track of a source. */
  track(source: TrackSource): RemoteTrack | undefined {
    return [...this.tracks.values()].findLast((track) => track.source === source);
  }

  /** For the SDK itself. */
  update({ name, metadata, isConnected, handRaisedAt }: Participant): void {
    this.#name = name;
    this.#metadata = metadata;
    this.#isConnected = isConnected;
    this.#handRaisedAt = dateOf(handRaisedAt);
  }
}

export function dateOf(moment: string | null): Date | null {
  return moment === null ? null : new Date(moment);
}
