export { type Contents, probeContents, type Stretch } from './probe.ts';
export { Ffmpeg, type FfmpegExit } from './process.ts';
export { PROGRESS_ARGS, readProgress } from './progress.ts';
export { type RunOptions, runToEnd } from './run.ts';
export { type MediaStream, type ProbedFile, probeStreams } from './streams.ts';
