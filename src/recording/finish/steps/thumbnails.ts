/** Pictures that show at a glance what a recording is. */
import { runToEnd } from '../../../ffmpeg/index.ts';
import type { OutputFolder } from './output-folder.ts';
import type { Workshop } from './workshop.ts';

/** Parts of the duration. */
const MOMENTS = [0.1, 0.5, 0.9];
const WIDTH = 640;

/** Resolves with their names. `video` is an output file. Rejects as `runToEnd` does, or as the file system. */
export async function makeThumbnails(options: {
  readonly workshop: Workshop;
  readonly output: OutputFolder;
  readonly video: string;
  readonly durationMs: number;
  /** Of the video. */
  readonly framerate: number;
}): Promise<string[]> {
  const { workshop, output, video, durationMs, framerate } = options;
  const lastFrame = Math.max(0, Math.round((durationMs * framerate) / 1_000) - 1);
  const names: string[] = [];
  for (const [index, moment] of MOMENTS.entries()) {
    const name = `thumbnail-${index + 1}.jpg`;
    // There is a frame at it, however short the video is.
    const seconds = (Math.floor(lastFrame * moment) / framerate).toFixed(3);
    const input = ['-ss', seconds, '-i', `file:${output.folder}/${video}`];
    const picture = ['-frames:v', '1', '-vf', `scale=${WIDTH}:-2`, '-q:v', '4', '-fflags', '+bitexact'];
    await output.make(name, (path) =>
      runToEnd({
        ...workshop.run,
        args: ['-v', 'error', '-y', ...input, ...picture, '-f', 'image2', '-update', '1', `file:${path}`],
      }),
    );
    names.push(name);
  }
  return names;
}
