export type { StreamStats } from './live/live-sessions.ts';
export type { Frame, OperatorEnd, Receiver, Relay, SourceEnd, SourceOptions } from './relay/relay.ts';
export { StreamingSessions, type StreamingSessionsOptions } from './streaming-sessions.ts';
