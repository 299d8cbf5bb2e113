/** Scenes to pieces of the finished picture: as the recording's plan wants them encoded, so that they only need to be joined. */
import type { RecordingPlan } from '../../plan.ts';
import type { Box } from '../layout/arrange.ts';
import type { Scene } from '../layout/cut-scenes.ts';
import type { Meter } from '../progress.ts';
import { inParallel } from './in-parallel.ts';
import { NameTags } from './name-tags.ts';
import type { Footage } from './normalise-video.ts';
import { pieceContainer, videoCodecArgs } from './output-codecs.ts';
import type { Workshop } from './workshop.ts';

/** A part of the finished picture or sound. */
export interface Piece {
  /** The name in the workshop. */
  readonly file: string;
  readonly seconds: number;
}

export interface ComposeOptions {
  readonly workshop: Workshop;
  readonly scenes: readonly Scene[];
  /** By segment. */
  readonly footage: ReadonlyMap<string, Footage>;
  readonly video: RecordingPlan['video'];
  /** How many are made at once. */
  readonly count: number;
  /** Of seconds of the picture. */
  readonly meter: Meter;
}

/** No piece is longer, so that a kill costs no more than this much work. */
const MAX_PIECE_SECONDS = 60;
const BACKGROUND = '0x14171c';
const CARD = '0x2b313a';
/** There may be many decoders at once, and each is fast. */
const DECODER_THREADS = '2';

/** In order, as long together as the scenes are. Rejects as `Workshop.make` does. */
export async function compose(options: ComposeOptions): Promise<Piece[]> {
  const { workshop, scenes, video, count } = options;
  const maxFrames = MAX_PIECE_SECONDS * video.framerate;
  const parts = scenes.flatMap((scene) => divide(scene, maxFrames));
  return inParallel(parts, { count, signal: workshop.run.signal }, (part, signal) =>
    composePart(part, { ...options, workshop: workshop.with(signal) }),
  );
}

function divide({ fromFrame, toFrame, tiles }: Scene, maxFrames: number): Scene[] {
  const count = Math.ceil((toFrame - fromFrame) / maxFrames);
  return Array.from({ length: count }, (_, index) => ({
    fromFrame: fromFrame + index * maxFrames,
    toFrame: Math.min(toFrame, fromFrame + (index + 1) * maxFrames),
    tiles,
  }));
}

async function composePart(part: Scene, options: ComposeOptions): Promise<Piece> {
  const { workshop, footage, video, meter } = options;
  const frames = part.toFrame - part.fromFrame;
  const tags = new NameTags(workshop);
  const inputs: string[][] = [];
  const chains: string[] = [];
  for (const [index, { box, name, segment }] of part.tiles.entries()) {
    const shots = segment === null ? undefined : footage.get(segment);
    const filters = shots
      ? [
          `[${inputs.length}:v]${playFrom(part, shots)}`,
          ...fit(box, video.framerate),
          ...(await tags.onPicture(name, box)),
        ]
      : [card(box, video.framerate), ...(await tags.onCard(name, box)), 'loop=loop=-1:size=1', 'setpts=N'];
    if (shots) inputs.push(readFrom(part, shots, video.framerate));
    chains.push(`${filters.join(',')},setsar=1,format=yuv420p[tile${index}]`);
  }
  const boxes = part.tiles.map(({ box }) => box);
  const seconds = frames / video.framerate;
  const report = meter.task(seconds);
  const file = await workshop.make({
    label: 'piece',
    extension: 'piece',
    onProgress: report,
    args: [
      ...inputs.flat(),
      ...['-filter_complex', [...chains, stack(boxes, video)].join(';'), '-map', '[picture]'],
      ...['-r', String(video.framerate), '-vsync', 'cfr', '-frames:v', String(frames)],
      ...videoCodecArgs(video),
      ...['-f', pieceContainer(video)],
    ],
  });
  report(seconds);
  return { file, seconds };
}

/** From a frame on; the middle of the one before it is safe from rounding. */
function readFrom({ fromFrame }: Scene, { file, firstFrame, frames }: Footage, framerate: number): string[] {
  const frame = Math.min(fromFrame - firstFrame, frames - 1);
  const seek = frame > 0 ? ['-ss', ((frame - 0.5) / framerate).toFixed(6)] : [];
  return [...seek, '-threads', DECODER_THREADS, '-i', `file:${file}`];
}

/** What begins within the scene shows its first frame until then, what ends its last frame from then on. */
function playFrom({ fromFrame }: Scene, { firstFrame }: Footage): string {
  const wait = Math.max(0, firstFrame - fromFrame);
  return `tpad=start=${wait}:start_mode=clone:stop=-1:stop_mode=clone`;
}

function fit({ width, height }: Box, framerate: number): string[] {
  return [`settb=1/${framerate}`, 'setpts=N', `scale=${width}:${height}:flags=bilinear`];
}

/** One frame of it, which is drawn on and then repeated. */
function card({ width, height }: Box, framerate: number): string {
  return `color=c=${CARD}:s=${width}x${height}:r=${framerate},trim=end_frame=1,drawbox=color=${BACKGROUND}:t=2`;
}

function stack(boxes: readonly Box[], { width, height, framerate }: RecordingPlan['video']): string {
  const [box] = boxes;
  const canvas = `${width}:${height}`;
  if (!box) return `color=c=${BACKGROUND}:s=${width}x${height}:r=${framerate},format=yuv420p[picture]`;
  if (boxes.length === 1) return `[tile0]pad=${canvas}:${box.x}:${box.y}:color=${BACKGROUND}[picture]`;
  const tiles = boxes.map((_, index) => `[tile${index}]`).join('');
  const layout = boxes.map(({ x, y }) => `${x}_${y}`).join('|');
  const stacked = `${tiles}xstack=inputs=${boxes.length}:layout=${layout}:fill=${BACKGROUND}`;
  return `${stacked},pad=${canvas}:0:0:color=${BACKGROUND}[picture]`;
}
