/** Applies the server's events to what we know of the call. */
import type { CallEndReason, Joined, LobbyGuest, Participant, ServerEvent } from '../protocol/index.ts';
import type { CallClientEvents } from './call-events.ts';
import type { CallClosed } from './close-reason.ts';
import type { Emitter } from './events.ts';
import { dateOf } from './remote-participant.ts';
import type { Roster } from './roster.ts';

export class RoomEvents {
  readonly #roster: Roster;
  readonly #emitter: Emitter<CallClientEvents>;
  readonly #toldOfSelf: (self: Participant) => void;
  #joined: Joined | undefined;
  #activeSpeaker: string | null = null;
  #handRaisedAt: Date | null = null;
  #waiting: readonly LobbyGuest[] = [];
  #endReason: CallEndReason | undefined;

  /** `told` gets how the server describes ourselves. */
  constructor(roster: Roster, emitter: Emitter<CallClientEvents>, told: (self: Participant) => void) {
    this.#roster = roster;
    this.#emitter = emitter;
    this.#toldOfSelf = told;
  }

  get joined(): Joined | undefined {
    return this.#joined;
  }

  get activeSpeaker(): string | null {
    return this.#activeSpeaker;
  }

  /** Our own hand; null while it is down. */
  get handRaisedAt(): Date | null {
    return this.#handRaisedAt;
  }

  /** Only moderators are told. */
  get waiting(): readonly LobbyGuest[] {
    return this.#waiting;
  }

  /** The end of the socket, with what the server said about the end of the call before. */
  describeEnd(closed: CallClosed): CallClosed {
    return this.#endReason && closed.reason === 'call-ended'
      ? { ...closed, endReason: this.#endReason }
      : closed;
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'joined':
        this.#joined = event.data;
        if (!event.data.isResumed) this.#handRaisedAt = null;
        this.#setWaiting([]);
        this.#emitter.emit('lockChanged', event.data.isLocked);
        this.#roster.reset(event.data.participants);
        this.#setActiveSpeaker(event.data.activeSpeaker);
        return;
      case 'participant-joined':
      case 'participant-updated':
        if (event.data.participant.userId === this.#joined?.userId) this.#updateSelf(event.data.participant);
        else this.#roster.put(event.data.participant);
        return;
      case 'hand-raised':
        // About us it is told right after, with the moment.
        if (event.data.userId !== this.#joined?.userId) this.#emitter.emit('handRaised', event.data);
        return;
      case 'reaction':
        this.#emitter.emit('reaction', event.data);
        return;
      case 'lobby-waiting':
        this.#setWaiting(event.data.waiting);
        return;
      case 'call-locked':
        if (this.#joined) this.#joined = { ...this.#joined, isLocked: event.data.isLocked };
        this.#emitter.emit('lockChanged', event.data.isLocked);
        return;
      case 'participant-left':
        this.#roster.remove(event.data.userId);
        return;
      case 'producer-added':
        this.#roster.putTrack(event.data.track);
        return;
      case 'producer-closed':
        this.#roster.removeTrack(event.data.trackId);
        return;
      case 'consumer-paused':
      case 'consumer-resumed':
        this.#roster.track(event.data.trackId)?.update({ isPaused: event.type === 'consumer-paused' });
        return;
      case 'consumer-layers':
        this.#roster.track(event.data.trackId)?.update({ layers: event.data.layers });
        return;
      case 'consumer-score': {
        const { trackId, score, producerScore } = event.data;
        this.#roster.track(trackId)?.update({ score: Math.min(score, producerScore) });
        return;
      }
      case 'active-speaker':
        this.#setActiveSpeaker(event.data.userId);
        return;
      case 'chat':
        this.#emitter.emit('chat', {
          ...event.data,
          sentAt: new Date(event.data.sentAt),
          isOwn: event.data.userId === this.#joined?.userId,
        });
        return;
      case 'server-draining':
        this.#emitter.emit('serverDraining', event.data.secondsLeft);
        return;
      case 'call-ended':
        this.#endReason = event.data.reason;
        return;
      case 'transports-lost':
        if (this.#joined) this.#joined = { ...this.#joined, generation: event.data.generation };
        this.#emitter.emit('mediaLost', undefined);
        return;
      default:
      // A newer server may say more than we know.
    }
  }

  #updateSelf(self: Participant): void {
    if (this.#joined) this.#joined = { ...this.#joined, name: self.name };
    const wasRaised = this.#handRaisedAt !== null;
    this.#handRaisedAt = dateOf(self.handRaisedAt);
    const isRaised = this.#handRaisedAt !== null;
    if (isRaised !== wasRaised) this.#emitter.emit('handRaised', { userId: self.userId, isRaised });
    this.#toldOfSelf(self);
  }

  #setWaiting(waiting: readonly LobbyGuest[]): void {
    if (waiting.length === 0 && this.#waiting.length === 0) return;
    this.#waiting = waiting;
    this.#emitter.emit('lobbyChanged', waiting);
  }

  #setActiveSpeaker(userId: string | null): void {
    if (this.#activeSpeaker === userId) return;
    this.#activeSpeaker = userId;
    this.#emitter.emit('activeSpeakerChanged', userId);
  }
}
