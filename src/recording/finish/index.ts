export { finishRecording } from './finish-recording.ts';
export type { FinishedFile, FinishedFileKind, FinishOptions, FinishPhase, FinishResult } from './result.ts';
