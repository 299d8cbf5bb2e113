export { noRecorder, type Recorder, type RecordingState } from './recorder.ts';
