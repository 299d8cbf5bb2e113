/**
 * One segment of audio as samples of the recording: 48 kHz stereo, silence where no packets came, as long as the wall says and
 * not as the sender's clock does. A silence of minutes has no samples: the file is cut there, and its parts are told apart.
 */
import type { StorySegment } from '../story.ts';
import { expressionOf, mapTime, type TimePiece } from '../time-map.ts';
import type { Workshop } from './workshop.ts';

export const SAMPLE_RATE = 48_000;

/** Samples of a segment, one after another without a gap. */
export interface Take {
  /** The name in the workshop. */
  readonly file: string;
  /** The sample of the recording with which it begins. */
  readonly at: number;
  /** The sample of the file with which it begins. */
  readonly from: number;
  readonly samples: number;
}

export interface NormaliseAudioOptions {
  readonly workshop: Workshop;
  /** The folder of the segments, from the workshop. */
  readonly source: string;
  readonly segment: StorySegment;
  /** Seconds of the recording that are done. */
  readonly onProgress: (seconds: number) => void;
}

/** Between two parts of a file, so that the end of one never reaches into the other. */
const PARTING_SAMPLES = SAMPLE_RATE / 10;
/**
 * Up to 5 ms nothing is done, up to 40 ms the sound is stretched a little until it fits, beyond it is filled or cut: less than a
 * lost packet is not heard, more would be out of step. Without `flags=res` the resampler is made only when the first stretching
 * is needed, and begins again at `first_pts` then: with a silence as long as all that was before.
 */
const CATCH_UP = 'flags=res:async=1000:min_comp=0.005:min_hard_comp=0.04:first_pts=0';

/** Rejects as `Workshop.make` does. */
export async function normaliseAudio(options: NormaliseAudioOptions): Promise<Take[]> {
  const { workshop, source, segment, onProgress } = options;
  const parts = divide(segment);
  const expression = expressionOf(parts.flatMap(({ clock }) => clock));
  const filters = [
    `asetpts='(${expression})/TB'`,
    `aresample=${SAMPLE_RATE}:${CATCH_UP}`,
    'aformat=sample_fmts=s16:channel_layouts=stereo',
  ];
  const file = await workshop.make({
    label: 'take',
    extension: 'flac',
    onProgress,
    args: [
      // However little of it can be decoded, that is kept.
      ...[
        '-max_error_rate',
        '1',
        '-copyts',
        '-i',
        `file:${source}/${segment.name}`,
        '-map',
        '0:a:0',
        '-af',
        filters.join(','),
      ],
      // What is beyond nobody asks for: after a jump of a clock it would be hours of silence.
      ...['-t', (lengthOf(parts) / SAMPLE_RATE).toFixed(6)],
      // Counted in samples: every one of them can be found again.
      ...['-c:a', 'flac', '-compression_level', '2', '-f', 'flac'],
    ],
  });
  return parts.map(({ at, from, samples }) => ({ file, at, from, samples }));
}

/** Samples, with a little to spare. */
function lengthOf(parts: readonly Part[]): number {
  const last = parts.at(-1);
  return last ? last.from + last.samples + PARTING_SAMPLES : 0;
}

interface Part extends Omit<Take, 'file'> {
  /** From seconds of the segment to seconds of the file. */
  readonly clock: readonly TimePiece[];
}

/** One for each stretch of packets. */
function divide({ stretches, flows, clock }: StorySegment): Part[] {
  const parts: Part[] = [];
  for (const [index, stretch] of stretches.entries()) {
    const flow = flows[index];
    const last = parts.at(-1);
    if (!flow) continue;
    // What is from before the recording is cut off at the front of the file.
    const at = Math.max(0, Math.round((flow.fromMs * SAMPLE_RATE) / 1_000));
    const from = last ? last.from + last.samples + PARTING_SAMPLES : 0;
    const samples = Math.max(0, Math.round((flow.toMs * SAMPLE_RATE) / 1_000) - at);
    const shift = (at - from) / SAMPLE_RATE;
    const own = clock.filter((piece) => piece.from > stretch.from && piece.from < stretch.to);
    const first = clock.findLast((piece) => piece.from <= stretch.from) ?? clock[0];
    const begin = { from: stretch.from, at: mapTime(clock, stretch.from), rate: first?.rate ?? 1 };
    const pieces = [begin, ...own].map((piece) => ({ ...piece, at: piece.at - shift }));
    parts.push({ at, from, samples, clock: pieces });
  }
  return parts;
}
