export type {
  CallEndReason,
  Encodings,
  Joined,
  Layers,
  LobbyGuest,
  MediaKind,
  Permissions,
  RecordingFormat,
  RecordingLayout,
  RecordingRequest,
  RecordingState,
  RecordingStopReason,
  TrackSource,
} from '../protocol/index.ts';
export { CallClient, type CallClientOptions } from './call-client.ts';
export type {
  CallClientEvents,
  ChatMessage,
  CurrentRecording,
  HandRaised,
  Reaction,
  RecordingProgress,
  RecordingStopped,
  RecordingTroubleReason,
} from './call-events.ts';
export type { CallState } from './call-state.ts';
export type { CallClosed, CloseReason } from './close-reason.ts';
export { CallError, type CallErrorCode } from './errors.ts';
export type { Listenable, Unsubscribe } from './events.ts';
export type { Gestures } from './gestures.ts';
export { layersForHeight } from './layers.ts';
export {
  type FileUrlOptions,
  RecordingLibrary,
  type RecordingLink,
  type RecordingsQuery,
} from './library.ts';
export { LibraryError, type LibraryRequestsOptions } from './library-requests.ts';
export type { LocalTrack, PublishOptions } from './local-track.ts';
export type { Moderation } from './moderation.ts';
export {
  type PhoneCallInfo,
  PhoneError,
  PhoneLine,
  type PhoneLineQuality,
} from './phone-line.ts';
export type { Recording, RecordingFile, RecordingPage, RecordingStatus } from './recording.ts';
export type { RecordingWatcher } from './recording-watch.ts';
export type { RemoteParticipant } from './remote-participant.ts';
export type { RemoteTrack } from './remote-track.ts';
export {
  type StreamOperator,
  StreamPublisher,
  type StreamPublisherOptions,
  type StreamPublisherState,
  type StreamSession,
  StreamSessions,
  StreamWatcher,
  type StreamWatcherOptions,
  type StreamWatcherState,
  subjectOf,
} from './stream/index.ts';
export { WhepPlayer, type WhepPlayerOptions, type WhepState } from './whep-player.ts';
