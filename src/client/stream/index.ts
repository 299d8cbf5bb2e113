export { StreamPublisher, type StreamPublisherOptions, type StreamPublisherState } from './publisher.ts';
export { type StreamOperator, type StreamSession, StreamSessions } from './sessions.ts';
export { subjectOf } from './subject.ts';
export { StreamWatcher, type StreamWatcherOptions, type StreamWatcherState } from './watcher.ts';
