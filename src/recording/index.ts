export { finishRecording } from './finish/index.ts';
export { RecordingFolders } from './folders.ts';
export type { CallSettings } from './make-plan.ts';
export type { PhoneRecorder, PhoneRecording } from './phone-recorder.ts';
export { ProgressNotes } from './progress-notes.ts';
export type { Recorder } from './recorder.ts';
export { Recordings, type RecordingsOptions } from './recordings.ts';
export { retriesFor } from './retries.ts';
export type { Upload, UploadRecorder } from './upload-recorder.ts';
