/** What a call client tells its application. */
import type { EventData, LobbyGuest, RecordingStopReason } from '../protocol/index.ts';
import type { CallState } from './call-state.ts';
import type { LocalTrack } from './local-track.ts';
import type { RemoteParticipant } from './remote-participant.ts';
import type { RemoteTrack } from './remote-track.ts';

export interface ChatMessage {
  readonly chatId: string;
  readonly userId: string;
  readonly name: string;
  readonly text: string;
  readonly sentAt: Date;
  readonly isPrivate: boolean;
  readonly isOwn: boolean;
}

/** A passing sign, such as an emoji. */
export interface Reaction {
  readonly userId: string;
  readonly reaction: string;
  readonly isPrivate: boolean;
}

export interface HandRaised {
  readonly userId: string;
  readonly isRaised: boolean;
}

export type RecordingTroubleReason = EventData<'recording-trouble'>['reason'];

/** What is being recorded at the moment. */
export interface CurrentRecording {
  readonly recordingId: string;
  readonly startedAt: Date;
  /** Null when the call records by itself. */
  readonly startedBy: string | null;
  /** What is not recorded just now, as far as we were told; after a reconnect that is not known any more. */
  readonly troubles: readonly RecordingTroubleReason[];
}

export interface RecordingStopped {
  readonly recordingId: string;
  readonly reason: RecordingStopReason;
}

export interface RecordingProgress {
  readonly recordingId: string;
  /** What is done now: `waiting`, `composing`, `storing` and the like. A newer server may know others. */
  readonly phase: string;
  /** 0 to 1, over all phases. */
  readonly progress: number;
}

export interface CallClientEvents {
  /** The server lost our media; it is being set up again, and nobody has to do anything. */
  mediaLost: undefined;
  /** `closed` is emitted exactly once, and nothing after it. */
  stateChanged: CallState;
  participantJoined: RemoteParticipant;
  participantLeft: RemoteParticipant;
  /** Their name, metadata, hand or connection, or anything about one of their tracks: paused, media there or gone, quality, layers. */
  participantUpdated: RemoteParticipant;
  trackAdded: RemoteTrack;
  trackRemoved: RemoteTrack;
  /** A track of ours was published, unpublished, paused or resumed. */
  localTracksChanged: readonly LocalTrack[];
  /** Somebody who may do so muted a track of ours: only we can unmute it. */
  localTrackMuted: LocalTrack;
  /** The device behind a track of ours ended by itself: unplugged, or sharing was stopped in the browser. */
  localTrackEnded: LocalTrack;
  activeSpeakerChanged: string | null;
  /** Our own messages too. */
  chat: ChatMessage;
  /** Our own too. */
  reaction: Reaction;
  /** Our own too. */
  handRaised: HandRaised;
  /** To moderators: everyone who waits to be let in. */
  lobbyChanged: readonly LobbyGuest[];
  /** Whether nobody else may come in. */
  lockChanged: boolean;
  /** The one that runs, or null; also when something of it is not recorded any more, or is again. */
  recordingChanged: CurrentRecording | null;
  /** Why nothing is recorded any more. Comes after `recordingChanged`. */
  recordingStopped: RecordingStopped;
  /** How far the files of a recording of this call are. */
  recordingProgress: RecordingProgress;
  recordingCompleted: { readonly recordingId: string; readonly durationSeconds: number };
  /** No files could be made of it. `reason` is a sentence for people. */
  recordingFailed: { readonly recordingId: string; readonly reason: string };
  /** Our token ends then, and no other one could be had: the call is over for us at that moment. */
  tokenExpiring: Date;
  /** The server stops in so many seconds. */
  serverDraining: number;
  /** Something failed that does not end the call: a track that could not be received or published again. */
  problem: Error;
}
