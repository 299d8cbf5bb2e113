export type { Call } from './call.ts';
export { Participant } from './participant.ts';
export { type CallPlan, CallRegistry } from './registry.ts';
