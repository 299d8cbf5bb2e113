export { CloseCode, SOCKET_ERROR_CODES, type SocketErrorCode, StreamCloseCode } from './codes.ts';
export {
  ClientEnvelope,
  type ServerError,
  type ServerEvent,
  type ServerMessage,
  type ServerResponse,
  type WireError,
} from './envelope.ts';
export { type CallEvent, type EventData, type EventType, events } from './events.ts';
export { eventExamples, type RequestExample, requestExamples } from './examples.ts';
export { RESERVED_ROOM_IDS, RESERVED_USER_IDS, RequestId, RoomId, UserId } from './identifiers.ts';
export { CLOSE_MEANINGS, ERROR_MEANINGS } from './meanings.ts';
export type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  IceServer,
  Layers,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
} from './media.ts';
export { Encodings } from './media.ts';
export {
  type ConnectionName,
  type OfferedTracks,
  type SectionSources,
  SFU,
  type SpareSections,
} from './negotiation.ts';
export {
  type CallEndReason,
  type DataChannel,
  type LeaveReason,
  type LobbyGuest,
  Participant,
  type Permissions,
  PublishSource,
  type Track,
  type TrackSource,
} from './participants.ts';
export {
  RecordingFormat,
  RecordingLayout,
  RecordingRequest,
  RecordingState,
  type RecordingStopReason,
  RunningRecording,
} from './recordings.ts';
export {
  type Changes,
  type ConsumerCreated,
  type Joined,
  JoinProtocol,
  type JoinTransports,
  type RequestData,
  type RequestResponse,
  type RequestType,
  requests,
  type TransportCreated,
} from './requests.ts';
