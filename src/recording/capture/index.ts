export { CallCapture, type CallCaptureOptions } from './call-capture.ts';
export { hasMedia, lastWordOf } from './last-word.ts';
export { readTimeline, type TimelineEntry } from './timeline.ts';
export type { Trouble, TroubleReason } from './troubles.ts';
