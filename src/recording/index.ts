export { finishRecording } from './finish/index.ts';
export type { CallSettings } from './make-plan.ts';
export type { Recorder } from './recorder.ts';
export { Recordings, type RecordingsOptions } from './recordings.ts';
