/** Who else is in the call and what they publish, as the server's events tell it. */
import type { Participant, Track } from '../protocol/index.ts';
import { Emitter, type Listenable } from './events.ts';
import { RemoteParticipant } from './remote-participant.ts';
import { RemoteTrack } from './remote-track.ts';

export interface RosterEvents {
  participantJoined: RemoteParticipant;
  participantLeft: RemoteParticipant;
  /** Name, metadata, or anything about one of the tracks. */
  participantUpdated: RemoteParticipant;
  trackAdded: RemoteTrack;
  trackRemoved: RemoteTrack;
  /** Published again, over another transport: what we received of it has ended. */
  trackRenewed: RemoteTrack;
  demandChanged: RemoteTrack;
}

export class Roster {
  readonly #emitter = new Emitter<RosterEvents>();
  readonly #participants = new Map<string, RemoteParticipant>();

  get events(): Listenable<RosterEvents> {
    return this.#emitter;
  }

  /** By user id, in the order in which they were first seen. */
  get participants(): ReadonlyMap<string, RemoteParticipant> {
    return this.#participants;
  }

  get tracks(): RemoteTrack[] {
    return [...this.#participants.values()].flatMap(({ tracks }) => [...tracks.values()]);
  }

  track(trackId: string): RemoteTrack | undefined {
    return this.tracks.find((track) => track.trackId === trackId);
  }

  /** Everyone who is there, after a join: those who stayed through our absence stay the same objects. */
  reset(participants: readonly Participant[]): void {
    const present = new Set(participants.map(({ userId }) => userId));
    for (const userId of [...this.#participants.keys()]) if (!present.has(userId)) this.remove(userId);
    for (const participant of participants) this.put(participant);
  }

  /** Somebody new, or somebody as they are now. */
  put(participant: Participant): void {
    const known = this.#participants.get(participant.userId);
    const remote = known ?? new RemoteParticipant(participant);
    remote.update(participant);
    if (!known) {
      this.#participants.set(remote.userId, remote);
      this.#emitter.emit('participantJoined', remote);
    }
    const published = new Set(participant.tracks.map(({ trackId }) => trackId));
    for (const trackId of [...remote.tracks.keys()]) if (!published.has(trackId)) this.removeTrack(trackId);
    for (const track of participant.tracks) this.putTrack(track);
    if (known) this.#emitter.emit('participantUpdated', remote);
  }

  remove(userId: string): void {
    const remote = this.#participants.get(userId);
    if (!remote) return;
    for (const trackId of [...remote.tracks.keys()]) this.removeTrack(trackId);
    this.#participants.delete(userId);
    this.#emitter.emit('participantLeft', remote);
  }

  putTrack(track: Track): void {
    const owner = this.#participants.get(track.userId);
    if (!owner) return;
    const known = owner.tracks.get(track.trackId);
    if (known) {
      const { generation, isPaused } = track;
      const isRenewed = generation > known.generation;
      if (isRenewed || known.isPaused !== isPaused) known.update({ generation, isPaused });
      if (isRenewed) this.#emitter.emit('trackRenewed', known);
      return;
    }
    const remote = new RemoteTrack(track, {
      changed: () => this.#emitter.emit('participantUpdated', owner),
      demandChanged: (changed) => this.#emitter.emit('demandChanged', changed),
    });
    owner.tracks.set(remote.trackId, remote);
    this.#emitter.emit('trackAdded', remote);
  }

  removeTrack(trackId: string): void {
    const track = this.track(trackId);
    if (!track) return;
    this.#participants.get(track.userId)?.tracks.delete(trackId);
    this.#emitter.emit('trackRemoved', track);
  }

  clear(): void {
    for (const userId of [...this.#participants.keys()]) this.remove(userId);
    this.#emitter.removeAll();
  }
}
