export {
  type CallParticipantRow,
  callParticipants,
  type NewCallParticipantRow,
} from './call-participants.ts';
export {
  INGEST_SESSIONS_RUNNING_UUID_CONSTRAINT,
  type IngestSessionRow,
  ingestSessions,
  type NewIngestSessionRow,
} from './ingest-sessions.ts';
export { LIVE_STREAMS_OBJECT_KEY_CONSTRAINT, type LiveStreamRow, liveStreams } from './live-streams.ts';
export {
  type NewPhoneCallRow,
  PHONE_CALL_STATUSES,
  PHONE_CALLS_IDEMPOTENCY_CONSTRAINT,
  PHONE_CALLS_LIVE_USER_CONSTRAINT,
  type PhoneCallRow,
  phoneCalls,
} from './phone-calls.ts';
export { type RecordingFileRow, recordingFiles } from './recording-files.ts';
export {
  type NewRecordingRow,
  RECORDING_KINDS,
  RECORDINGS_RUNNING_CALL_CONSTRAINT,
  type RecordingRow,
  recordingStatus,
  recordings,
} from './recordings.ts';
export {
  type NewStreamingSessionRow,
  type SessionOperatorRow,
  type StreamingSessionRow,
  sessionOperators,
  streamingSessions,
} from './streaming-sessions.ts';
export {
  CALL_ACCESS_MODES,
  CALL_STATUSES,
  CALLS_LIVE_ROOM_ID_CONSTRAINT,
  type CallRow,
  type NewCallRow,
  videoCalls,
} from './video-calls.ts';
