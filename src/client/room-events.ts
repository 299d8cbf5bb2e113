/** Applies the server's events to what we know of the call. */
import type { CallEndReason, Joined, ServerEvent } from '../protocol/index.ts';
import type { CallClientEvents } from './call-events.ts';
import type { CallClosed } from './close-reason.ts';
import type { Emitter } from './events.ts';
import type { Roster } from './roster.ts';

export class RoomEvents {
  readonly #roster: Roster;
  readonly #emitter: Emitter<CallClientEvents>;
  #joined: Joined | undefined;
  #activeSpeaker: string | null = null;
  #endReason: CallEndReason | undefined;

  constructor(roster: Roster, emitter: Emitter<CallClientEvents>) {
    this.#roster = roster;
    this.#emitter = emitter;
  }

  get joined(): Joined | undefined {
    return this.#joined;
  }

  get activeSpeaker(): string | null {
    return this.#activeSpeaker;
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
        this.#roster.reset(event.data.participants);
        this.#setActiveSpeaker(event.data.activeSpeaker);
        return;
      case 'participant-joined':
      case 'participant-updated':
        // We are told about ourselves too.
        if (event.data.participant.userId !== this.#joined?.userId) this.#roster.put(event.data.participant);
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

  #setActiveSpeaker(userId: string | null): void {
    if (this.#activeSpeaker === userId) return;
    this.#activeSpeaker = userId;
    this.#emitter.emit('activeSpeakerChanged', userId);
  }
}
