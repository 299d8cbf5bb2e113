/** Pieces of picture and sound to one file that is handed out. */
import { PROGRESS_ARGS, readProgress, runToEnd } from '../../../ffmpeg/index.ts';
import type { RecordingPlan } from '../../plan.ts';
import type { Piece } from './compose.ts';
import { HEADROOM_DB } from './mix.ts';
import { audioCodecArgs, containerArgs } from './output-codecs.ts';
import type { OutputFolder } from './output-folder.ts';
import type { Workshop } from './workshop.ts';

export interface EncodeOptions {
  readonly workshop: Workshop;
  readonly output: OutputFolder;
  /** In the output folder. */
  readonly name: string;
  readonly picture: readonly Piece[];
  readonly sound: readonly Piece[];
  readonly plan: RecordingPlan;
  /** Seconds that are written. */
  readonly onProgress: (seconds: number) => void;
}

/** What a sum of voices becomes too loud by is held down, without a delay. Codecs add a little to the peaks again. */
const LIMITER = `volume=${HEADROOM_DB}dB,alimiter=limit=0.84:level=0:latency=1`;

/** Either of picture and sound may be empty. Rejects as `runToEnd` does, or as the file system. */
export async function encode(options: EncodeOptions): Promise<void> {
  const { workshop, output, name, picture, sound, plan, onProgress } = options;
  const pictureList = await writeList(workshop, picture);
  const soundList = await writeList(workshop, sound);
  await output.make(name, (path) =>
    runToEnd({
      ...workshop.run,
      args: [
        ...['-v', 'error', ...PROGRESS_ARGS, '-y'],
        ...pictureList,
        ...soundList,
        ...(picture.length > 0 ? ['-c:v', 'copy'] : []),
        ...(sound.length > 0 ? ['-af', LIMITER, '-ar', '48000', ...audioCodecArgs(plan.audio)] : []),
        ...containerArgs(plan.format),
        `file:${path}`,
      ],
      onLine: (line) => {
        const seconds = readProgress(line);
        if (seconds !== undefined) onProgress(seconds);
      },
    }),
  );
}

/** One file after another, each for exactly as long as it is meant to be. */
async function writeList(workshop: Workshop, pieces: readonly Piece[]): Promise<string[]> {
  if (pieces.length === 0) return [];
  const lines = pieces.flatMap(({ file, seconds }) => [`file '${file}'`, `duration ${seconds.toFixed(6)}`]);
  const list = await workshop.write('list', ['ffconcat version 1.0', ...lines, ''].join('\n'));
  return ['-f', 'concat', '-i', `file:${list}`];
}
