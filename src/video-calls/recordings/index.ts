export { CallRecordings } from './call-recordings.ts';
export { callRecordingsRoutes } from './recordings.routes.ts';
export { recordingSettings, recordsByItself } from './settings.ts';
