/** Every segment of a recording, each by itself, to frames and samples of the recording's clock. */
import { AppError } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { RecordingPlan } from '../plan.ts';
import type { Size } from './layout/arrange.ts';
import { layOut } from './layout/scenes.ts';
import type { Progress } from './progress.ts';
import { inParallel } from './steps/in-parallel.ts';
import { normaliseAudio, type Take } from './steps/normalise-audio.ts';
import { type Footage, normaliseVideo } from './steps/normalise-video.ts';
import { SOURCE, TOOLS_AT_ONCE, type Workshop } from './steps/workshop.ts';
import type { Story, StorySegment, StoryTrack } from './story.ts';

export interface Material {
  /** By segment. */
  readonly footage: ReadonlyMap<string, Footage>;
  /** By segment. */
  readonly takes: ReadonlyMap<string, readonly Take[]>;
  /** Segments of which nothing could be decoded. */
  readonly unreadable: readonly string[];
}

export interface NormaliseOptions {
  readonly plan: RecordingPlan;
  readonly workshop: Workshop;
  readonly logger: Logger;
  readonly progress: Progress;
}

interface Job {
  readonly track: StoryTrack;
  readonly segment: StorySegment;
  readonly seconds: number;
}

/** Only what the layout has a use for. Rejects as `Workshop.make` does when the machine fails. */
export async function normalise(story: Story, options: NormaliseOptions): Promise<Material> {
  const { plan, workshop, logger, progress } = options;
  const sizes = chooseSizes(story, plan);
  const jobs = story.tracks.flatMap((track) =>
    track.segments
      .filter(({ name }) => track.kind === 'audio' || sizes.has(name))
      .map((segment): Job => ({ track, segment, seconds: secondsOf(segment) })),
  );
  const meter = progress.begin(
    'normalising',
    jobs.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  const footage = new Map<string, Footage>();
  const takes = new Map<string, readonly Take[]>();
  const unreadable: string[] = [];
  const lastFrame = Math.round((story.durationMs * plan.video.framerate) / 1_000);
  const parallel = { count: TOOLS_AT_ONCE, signal: workshop.run.signal };
  await inParallel(jobs, parallel, async ({ track, segment, seconds }, signal) => {
    const report = meter.task(seconds);
    const common = { workshop: workshop.with(signal), source: SOURCE, segment, onProgress: report };
    try {
      const size = sizes.get(segment.name);
      if (track.kind === 'audio') takes.set(segment.name, await normaliseAudio(common));
      else if (size) {
        const { framerate } = plan.video;
        const made = await normaliseVideo({ ...common, size, framerate, lastFrame });
        if (made) footage.set(segment.name, made);
        else unreadable.push(segment.name);
      }
    } catch (error) {
      // One segment that nobody can decode costs that segment, not the recording. A machine in trouble may be well again.
      if (!(error instanceof AppError) || error.code !== 'internal') throw error;
      logger.warn({ err: error, segment: segment.name }, 'a segment cannot be decoded');
      unreadable.push(segment.name);
    }
    report(seconds);
  });
  return { footage, takes, unreadable: unreadable.toSorted() };
}

/** Of each segment of video that is shown, the size of its largest tile. */
function chooseSizes(story: Story, { layout, video }: RecordingPlan): Map<string, Size> {
  const sizes = new Map<string, Size>();
  if (layout === 'audio-only') return sizes;
  if (layout === 'tracks-only') {
    const videos = story.tracks.filter(({ kind }) => kind === 'video').flatMap(({ segments }) => segments);
    return new Map(videos.map(({ name }) => [name, { width: video.width, height: video.height }]));
  }
  for (const { tiles } of layOut(story, { layout, ...video })) {
    for (const { segment, box } of tiles) {
      if (segment === null || (sizes.get(segment)?.width ?? 0) >= box.width) continue;
      sizes.set(segment, { width: box.width, height: box.height });
    }
  }
  return sizes;
}

function secondsOf({ stretches }: StorySegment): number {
  return Math.max(0.1, (stretches.at(-1)?.to ?? 0) - (stretches[0]?.from ?? 0));
}
