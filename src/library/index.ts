export { libraryRoutes, recordingFilesRoutes } from './library.routes.ts';
export { type CallIds, Library, type RecordingMaker } from './library.ts';
export { RecordingList, RecordingParams, RecordingResource, RecordingsQuery } from './model.ts';
export { RecordingNews } from './news.ts';
export { type FoundRecording, type Outcome, RecordingRepository } from './repository.ts';
export { describeRecording } from './resource.ts';
export { Retention } from './retention.ts';
