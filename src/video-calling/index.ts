export { VideoCalling } from './video-calling.ts';
