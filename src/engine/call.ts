/** One live call: who is in it, and what each of them is told. It never asks what kind of participant it has. */
import { AppError, Emitter, type Listenable } from '../lib/index.ts';
import type { DataChannel, Publication, Room } from '../media/index.ts';
import type {
  CallEndReason,
  CallEvent,
  LeaveReason,
  Permissions,
  RecordingStopReason,
  RunningRecording,
} from '../protocol/index.ts';
import { CallTimers } from './call-timers.ts';
import { Lobby } from './lobby.ts';
import { describeChannel, describeTrack, type Participant } from './participant.ts';
import { QualityRound } from './quality-round.ts';

export interface CallOptions {
  /** The UUID of this one call. */
  readonly callId: string;
  readonly roomId: string;
  readonly room: Room;
  readonly maxParticipants: number;
  /** How long the call lives with nobody in it, in milliseconds. */
  readonly emptyTimeoutMs: number;
  /** How long it may live at all, counted from `startedAt`, in milliseconds. */
  readonly maxDurationMs: number;
  readonly startedAt: Date;
}

export interface ParticipantLeft {
  readonly participant: Participant;
  readonly reason: LeaveReason;
}

interface CallEvents extends Record<string, unknown> {
  participantJoined: Participant;
  participantLeft: ParticipantLeft;
  /** Somebody wrote a chat message. */
  chatSent: Participant;
  /** Emitted exactly once, after every participant has left. */
  ended: CallEndReason;
}

export class Call {
  readonly callId: string;
  readonly roomId: string;
  readonly room: Room;
  readonly #emitter = new Emitter<CallEvents>();
  readonly #participants = new Map<string, Participant>();
  readonly #timers: CallTimers;
  readonly #qualityRound: QualityRound;
  readonly lobby = new Lobby();
  #maxParticipants: number;
  #isLocked = false;
  #recording: RunningRecording | null = null;
  #isEnded = false;

  constructor(options: CallOptions) {
    this.callId = options.callId;
    this.roomId = options.roomId;
    this.room = options.room;
    this.#maxParticipants = options.maxParticipants;
    this.#timers = new CallTimers(options, (reason) => this.end(reason));
    this.#timers.callIsEmpty();
    this.#qualityRound = new QualityRound(() => this.#participants.values());
    this.room.events.on('activeSpeakerChanged', (userId) =>
      this.broadcast({ type: 'active-speaker', data: { userId } }),
    );
    this.lobby.events.on('changed', (waiting) =>
      this.#tellModerators({ type: 'lobby-waiting', data: { waiting } }),
    );
  }

  get events(): Listenable<CallEvents> {
    return this.#emitter;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** While it is locked nobody comes in but moderators and those who are in it. Tells everyone when it changes. */
  set isLocked(isLocked: boolean) {
    if (isLocked === this.#isLocked) return;
    this.#isLocked = isLocked;
    this.broadcast({ type: 'call-locked', data: { isLocked } });
  }

  /** What is being recorded of it now. */
  get recording(): RunningRecording | null {
    return this.#recording;
  }

  /** From here on everyone knows that the call is recorded. */
  recordingStarted(recording: RunningRecording): void {
    this.#recording = recording;
    this.broadcast({ type: 'recording-started', data: recording });
  }

  /** Nothing happens when it is not this one that runs. */
  recordingStopped(recordingId: string, reason: RecordingStopReason): void {
    if (this.#recording?.recordingId !== recordingId) return;
    this.#recording = null;
    this.broadcast({ type: 'recording-stopped', data: { recordingId, reason } });
  }

  /** By user id; hidden ones too. */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** Those whom everyone sees, who count, and who keep the call alive. */
  get visibleParticipants(): Participant[] {
    return [...this.#participants.values()].filter((participant) => !participant.isHidden);
  }

  set maxParticipants(count: number) {
    this.#maxParticipants = count;
  }

  /**
   * Throws what would keep a user from coming in now: `call_ended`, `call_locked` or `call_full`. One who is here already
   * is let in: the new connection replaces the old one.
   */
  checkRoomFor(userId: string, permissions: Pick<Permissions, 'moderate' | 'hidden'>): void {
    if (this.#isEnded) throw new AppError('call_ended', 'The call has ended.');
    if (this.#participants.has(userId)) return;
    if (this.#isLocked && !permissions.moderate) {
      throw new AppError('call_locked', 'The call is locked; a moderator can open it.');
    }
    if (permissions.hidden) return;
    if (this.visibleParticipants.length >= this.#maxParticipants) {
      throw new AppError('call_full', `The call is full: it takes ${this.#maxParticipants} participants.`);
    }
  }

  /** Takes a participant in and tells the others. An earlier one of the same user is replaced. */
  admit(participant: Participant): void {
    this.checkRoomFor(participant.userId, participant.permissions);
    this.#participants.get(participant.userId)?.close('replaced');
    this.#participants.set(participant.userId, participant);
    this.#listenTo(participant);
    if (!participant.isHidden) {
      this.#timers.callIsInhabited();
      this.broadcast(
        { type: 'participant-joined', data: { participant: participant.describe() } },
        participant,
      );
    }
    this.#emitter.emit('participantJoined', participant);
  }

  /** A track that somebody publishes now. Throws `not_found`. */
  publication(trackId: string): Publication {
    for (const participant of this.#participants.values()) {
      const publication = participant.publications.get(trackId);
      if (publication) return publication;
    }
    throw new AppError('not_found', 'There is no such track; it may just have been closed.');
  }

  /** A data channel that is open now. Throws `not_found`. */
  channel(channelId: string): DataChannel {
    for (const participant of this.#participants.values()) {
      const channel = participant.channels.get(channelId);
      if (channel) return channel;
    }
    throw new AppError('not_found', 'There is no such data channel; it may just have been closed.');
  }

  hasPublication(trackId: string): boolean {
    return [...this.#participants.values()].some((participant) => participant.publications.has(trackId));
  }

  /** Passes on what one participant says to all others, or to one. Throws `not_found`. */
  say(event: CallEvent, from: Participant, targetUserId: string | undefined): void {
    if (targetUserId === undefined) {
      this.broadcast(event, from);
      return;
    }
    const target = this.#participants.get(targetUserId);
    if (!target || target.isHidden) {
      throw new AppError('not_found', `"${targetUserId}" is not in the call.`);
    }
    target.tell(event);
  }

  /** Tells everyone, but for one. */
  broadcast(event: CallEvent, except?: Participant): void {
    for (const participant of [...this.#participants.values()]) {
      if (participant !== except) participant.tell(event);
    }
  }

  /** To be called for each chat message that was sent, private ones too. */
  noteChat(participant: Participant): void {
    this.#emitter.emit('chatSent', participant);
  }

  /** Ends the call for everyone. Twice is no error; the first reason stands. */
  end(reason: CallEndReason): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#timers.close();
    this.#qualityRound.close();
    this.lobby.close();
    this.broadcast({ type: 'call-ended', data: { reason } });
    for (const participant of [...this.#participants.values()]) participant.close('call-ended');
    this.room.close();
    this.#emitter.emit('ended', reason);
    this.#emitter.removeAll();
  }

  /** Tells everyone about a participant; of a hidden one they alone are told. */
  #announce(participant: Participant, event: CallEvent): void {
    if (participant.isHidden) participant.tell(event);
    else this.broadcast(event);
  }

  #tellModerators(event: CallEvent): void {
    for (const participant of this.#participants.values()) {
      if (participant.permissions.moderate) participant.tell(event);
    }
  }

  #listenTo(participant: Participant): void {
    const { events, userId } = participant;
    events.on('published', (publication) => {
      this.broadcast({ type: 'producer-added', data: { track: describeTrack(publication) } }, participant);
    });
    events.on('unpublished', ({ trackId }) => {
      this.broadcast({ type: 'producer-closed', data: { trackId, userId } }, participant);
    });
    events.on('channelOpened', (channel) => {
      this.broadcast(
        { type: 'data-producer-added', data: { channel: describeChannel(channel) } },
        participant,
      );
    });
    events.on('channelClosed', ({ channelId }) => {
      this.broadcast({ type: 'data-producer-closed', data: { channelId, userId } }, participant);
    });
    events.on('handRaised', (isRaised) => {
      this.#announce(participant, { type: 'hand-raised', data: { userId, isRaised } });
    });
    events.on('updated', () => {
      this.#announce(participant, {
        type: 'participant-updated',
        data: { participant: participant.describe() },
      });
    });
    events.on('closed', (reason) => this.#dismiss(participant, reason));
  }

  #dismiss(participant: Participant, reason: LeaveReason): void {
    const { userId } = participant;
    if (this.#participants.get(userId) !== participant) return;
    this.#participants.delete(userId);
    if (!participant.isHidden) this.broadcast({ type: 'participant-left', data: { userId, reason } });
    this.#emitter.emit('participantLeft', { participant, reason });
    if (!this.#isEnded && this.visibleParticipants.length === 0) this.#timers.callIsEmpty();
  }
}
