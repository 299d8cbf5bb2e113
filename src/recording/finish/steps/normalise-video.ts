/**
 * One segment of video as frames of the recording: at its constant rate, of one size that never changes, and cheap to read from
 * any second of it. What the camera sent may change its size and rate at any frame.
 */
import { probeContents } from '../../../ffmpeg/index.ts';
import type { Size } from '../layout/arrange.ts';
import type { StorySegment } from '../story.ts';
import { expressionOf } from '../time-map.ts';
import type { Workshop } from './workshop.ts';

/** Frames of a segment, one after another without a gap. */
export interface Footage {
  /** The name in the workshop. */
  readonly file: string;
  /** The frame of the recording that is the first of the file. */
  readonly firstFrame: number;
  readonly frames: number;
}

export interface NormaliseVideoOptions {
  readonly workshop: Workshop;
  /** The folder of the segments, from the workshop. */
  readonly source: string;
  readonly segment: StorySegment;
  readonly size: Size;
  readonly framerate: number;
  /** Of the whole recording: a sender's clock may claim any time. */
  readonly lastFrame: number;
  /** Seconds of the recording that are done. */
  readonly onProgress: (seconds: number) => void;
}

/** Refused: a picture that would take all memory (8K and more). */
const MAX_PIXELS = 7_680 * 4_320;
/**
 * How many frames a picture may be off its time before the row is broken. Whoever rounds each for itself drops one frame and
 * doubles the next whenever a camera that is as fast as the recording happens to run half a frame beside it.
 */
const MAX_FRAME_ERROR = 0.75;

/** Undefined when nothing in it can be decoded. Rejects as `Workshop.make` does when the machine fails. */
export async function normaliseVideo(options: NormaliseVideoOptions): Promise<Footage | undefined> {
  const { workshop, source, segment, size, framerate, lastFrame, onProgress } = options;
  const { width, height } = size;
  const firstFrame = Math.max(0, Math.floor(((segment.flows[0]?.fromMs ?? 0) * framerate) / 1_000));
  const endFrame = Math.min(
    lastFrame,
    Math.ceil(((segment.flows.at(-1)?.toMs ?? 0) * framerate) / 1_000) + 1,
  );
  if (firstFrame >= endFrame) return undefined;
  const filters = [
    `setpts='${slotExpression(segment, { framerate, firstFrame })}'`,
    `settb=1/${framerate}`,
    // Two pictures of the same time are one.
    "select='gte(pts,0)*(isnan(prev_selected_pts)+gt(pts,prev_selected_pts))'",
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear`,
    `pad=${width}:${height}:-1:-1:color=black`,
    'setsar=1',
    'format=yuv420p',
  ];
  const file = await workshop.make({
    label: 'footage',
    extension: 'mkv',
    onProgress,
    args: [
      // However little of it can be decoded, that is kept.
      ...[
        '-max_error_rate',
        '1',
        '-copyts',
        '-max_pixels',
        String(MAX_PIXELS),
        '-i',
        `file:${source}/${segment.name}`,
      ],
      ...['-map', '0:v:0', '-vf', filters.join(','), '-r', String(framerate), '-vsync', 'cfr'],
      ...['-frames:v', String(endFrame - firstFrame)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'fastdecode', '-crf', '16', '-bf', '0'],
      ...['-g', String(framerate), '-f', 'matroska'],
    ],
  });
  const { packets } = await probeContents({
    ...workshop.run,
    path: `file:${file}`,
    kind: 'video',
    maxGapSeconds: 1,
  });
  return packets > 0 ? { file, firstFrame, frames: packets } : undefined;
}

/** The number of the frame in the file, as a time in the time base of the input. */
function slotExpression(
  { clock }: StorySegment,
  { framerate, firstFrame }: { framerate: number; firstFrame: number },
): string {
  // 0: where it belongs, as a fraction; 1: the slot after the last one.
  const exact = `st(0,${expressionOf(clock)}*${framerate}-${firstFrame})`;
  const next = `lt(abs(ld(0)-ld(1)),${MAX_FRAME_ERROR})*gt(N,0)`;
  const slot = `st(2,if(${next},ld(1),round(ld(0))))`;
  return `${exact};${slot};st(1,ld(2)+1);round(ld(2)/${framerate}/TB)`;
}
