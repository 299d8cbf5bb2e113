export type { Call } from './call.ts';
export { followTracks } from './follow-tracks.ts';
export type { LobbyOutcome } from './lobby.ts';
export { describeTrack, Participant } from './participant.ts';
export { mayPublish } from './publish-rights.ts';
export { type CallPlan, CallRegistry } from './registry.ts';
