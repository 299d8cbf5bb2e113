export type {
  CallEndReason,
  Encodings,
  Joined,
  Layers,
  LobbyGuest,
  MediaKind,
  Permissions,
  TrackSource,
} from '../protocol/index.ts';
export { CallClient, type CallClientOptions } from './call-client.ts';
export type { CallClientEvents, ChatMessage, HandRaised, Reaction } from './call-events.ts';
export type { CallState } from './call-state.ts';
export type { CallClosed, CloseReason } from './close-reason.ts';
export { CallError, type CallErrorCode } from './errors.ts';
export type { Listenable, Unsubscribe } from './events.ts';
export type { Gestures } from './gestures.ts';
export { layersForHeight } from './layers.ts';
export type { LocalTrack, PublishOptions } from './local-track.ts';
export type { Moderation } from './moderation.ts';
export type { RemoteParticipant } from './remote-participant.ts';
export type { RemoteTrack } from './remote-track.ts';
