export { Ffmpeg, type FfmpegExit } from './process.ts';
