/** All sound of a recording, or of one track of it, to one: minute by minute, so that neither files nor memory grow with it. */
import type { Meter } from '../progress.ts';
import type { Piece } from './compose.ts';
import { inParallel } from './in-parallel.ts';

import { SAMPLE_RATE, type Take } from './normalise-audio.ts';
import type { Workshop } from './workshop.ts';

export interface MixOptions {
  readonly workshop: Workshop;
  readonly takes: readonly PlacedTake[];
  readonly durationMs: number;
  /** How many pieces are made at once. */
  readonly count: number;
  /** Of seconds of sound. */
  readonly meter: Meter;
}

/** Undefined: in both ears, as it is. */
export type Ear = 'left' | 'right' | undefined;

export interface PlacedTake extends Take {
  readonly ear: Ear;
}

const PIECE_SAMPLES = 60 * SAMPLE_RATE;
/** How many files one ffmpeg reads. */
const MAX_INPUTS = 24;
/** Pieces are this much quieter, so that many voices at once are not cut off before the limiter has seen them. */
export const HEADROOM_DB = 12;

/** Sound to be added up: `at` and `samples` are of the piece. */
interface Layer {
  readonly file: string;
  readonly from: number;
  readonly at: number;
  readonly samples: number;
  readonly ear: Ear;
}

/** In order, exactly `durationMs` long together, `HEADROOM_DB` too quiet. Rejects as `Workshop.make` does. */
export async function mix(options: MixOptions): Promise<Piece[]> {
  const { workshop, takes, durationMs, count, meter } = options;
  const total = Math.round((durationMs * SAMPLE_RATE) / 1_000);
  const starts = Array.from(
    { length: Math.ceil(total / PIECE_SAMPLES) },
    (_, index) => index * PIECE_SAMPLES,
  );
  return inParallel(starts, { count, signal: workshop.run.signal }, async (start, signal) => {
    const samples = Math.min(PIECE_SAMPLES, total - start);
    const seconds = samples / SAMPLE_RATE;
    const report = meter.task(seconds);
    const layers = takes
      .flatMap((take) => cut(take, start, samples))
      .map((layer) => ({ ...layer, volumeDb: -HEADROOM_DB }));
    const file = await add(workshop.with(signal), layers, samples);
    report(seconds);
    return { file, seconds };
  });
}

function cut(take: PlacedTake, start: number, samples: number): Layer[] {
  const from = Math.max(take.at, start);
  const to = Math.min(take.at + take.samples, start + samples);
  if (to <= from) return [];
  const { file, ear } = take;
  return [{ file, ear, from: take.from + from - take.at, at: from - start, samples: to - from }];
}

/** In groups, and the groups again, when they are many. */
async function add(
  workshop: Workshop,
  layers: readonly (Layer & { volumeDb: number })[],
  samples: number,
): Promise<string> {
  if (layers.length <= MAX_INPUTS) return addFew(workshop, layers, samples);
  const groups: string[] = [];
  for (let index = 0; index < layers.length; index += MAX_INPUTS) {
    groups.push(await addFew(workshop, layers.slice(index, index + MAX_INPUTS), samples));
  }
  return add(
    workshop,
    groups.map((file) => ({ file, from: 0, at: 0, samples, ear: undefined, volumeDb: 0 })),
    samples,
  );
}

/** In both channels of a take is what one microphone said, each 3 dB softer than it was. */
function placement(ear: Ear): string {
  switch (ear) {
    case 'left':
      return 'pan=stereo|c0=0.7071*c0+0.7071*c1|c1=0*c1,';
    case 'right':
      return 'pan=stereo|c0=0*c0|c1=0.7071*c0+0.7071*c1,';
    case undefined:
      return '';
  }
}

async function addFew(
  workshop: Workshop,
  layers: readonly (Layer & { volumeDb: number })[],
  samples: number,
): Promise<string> {
  const chains = layers.map(
    ({ at, samples: length, ear, volumeDb }, index) =>
      `[${index}:a]atrim=end_sample=${length},volume=${volumeDb}dB,${placement(ear)}adelay=${at}S:all=1[layer${index}]`,
  );
  const silence = `anullsrc=r=${SAMPLE_RATE}:cl=stereo,atrim=end_sample=${samples}[silence]`;
  const names = layers.map((_, index) => `[layer${index}]`).join('');
  const sum = `[silence]${names}amix=inputs=${layers.length + 1}:duration=first:normalize=0[sound]`;
  return workshop.make({
    label: 'sound',
    extension: 'flac',
    args: [
      ...layers.flatMap(({ file, from }) => [
        ...(from > 0 ? ['-ss', (from / SAMPLE_RATE).toFixed(7)] : []),
        '-i',
        `file:${file}`,
      ]),
      ...['-filter_complex', [...chains, silence, sum].join(';'), '-map', '[sound]'],
      ...['-c:a', 'flac', '-sample_fmt', 's32', '-compression_level', '2', '-f', 'flac'],
    ],
  });
}
