/** From footage and takes to the files that are handed out, as the layout of the recording wants them. */
import { AppError } from '../../lib/index.ts';
import type { RecordingPlan } from '../plan.ts';
import type { Scene } from './layout/cut-scenes.ts';
import { layOut } from './layout/scenes.ts';
import { layOutTrack } from './layout/track-scenes.ts';
import type { Material } from './normalise.ts';
import type { Progress } from './progress.ts';
import type { FinishedFile, FinishedFileKind } from './result.ts';
import { compose, type Piece } from './steps/compose.ts';
import { encode } from './steps/encode.ts';
import { type Ear, mix } from './steps/mix.ts';
import { mediaType } from './steps/output-codecs.ts';
import type { OutputFolder } from './steps/output-folder.ts';
import { makeThumbnails } from './steps/thumbnails.ts';
import { TOOLS_AT_ONCE, type Workshop } from './steps/workshop.ts';
import type { Story, StoryTrack } from './story.ts';
import { nameTracks } from './track-names.ts';

export interface MakeOptions {
  readonly plan: RecordingPlan;
  readonly workshop: Workshop;
  readonly output: OutputFolder;
  readonly progress: Progress;
  readonly material: Material;
}

/** One file that is to be made. */
interface Production {
  readonly name: string;
  readonly kind: FinishedFileKind;
  /** Empty for sound alone. */
  readonly scenes: readonly Scene[];
  /** Whose sound is in it. */
  readonly voices: readonly StoryTrack[];
  readonly hasSound: boolean;
}

/** All of them, in the order of the output. Rejects as `Workshop.make` does. */
export async function makeFiles(story: Story, options: MakeOptions): Promise<FinishedFile[]> {
  const { plan, output, workshop, progress } = options;
  const productions =
    plan.layout === 'tracks-only' ? planTracks(story, options) : [planWhole(story, options)];
  const pictures = await composeAll(productions, options);
  const sounds = await mixAll(productions, story, options);
  const seconds = story.durationMs / 1_000;
  const encoding = progress.begin('encoding', productions.length * seconds);
  const files: FinishedFile[] = [];
  for (const [index, { name, kind, scenes }] of productions.entries()) {
    const report = encoding.task(seconds);
    const parts = { picture: pictures[index] ?? [], sound: sounds[index] ?? [] };
    await encode({ workshop, output, plan, name, ...parts, onProgress: report });
    report(seconds);
    const type = mediaType(plan.format, scenes.length > 0 ? 'video' : 'audio');
    files.push(await output.describe({ name, kind, type }));
  }
  const [first] = productions;
  const thumbnails = progress.begin('thumbnails', 1).task(1);
  if (first?.kind === 'composed') {
    const { durationMs } = story;
    const { framerate } = plan.video;
    for (const name of await makeThumbnails({ workshop, output, video: first.name, durationMs, framerate })) {
      files.push(await output.describe({ name, kind: 'thumbnail', type: 'image/jpeg' }));
    }
  }
  thumbnails(1);
  return files;
}

function planWhole(story: Story, { plan, material }: MakeOptions): Production {
  const readable = withoutUnreadable(story, material);
  const voices = readable.tracks.filter(({ kind }) => kind === 'audio');
  const isSound = plan.layout === 'audio-only';
  const scenes = isSound ? [] : layOut(readable, { layout: plan.layout, ...plan.video });
  // Of a call there is always sound, if only silence; of an upload, what it sent.
  const hasSound = plan.layout !== 'single' || voices.some(({ segments }) => segments.length > 0);
  if (scenes.length === 0 && !hasSound)
    throw new AppError('invalid_state', 'nothing of what was captured can be decoded', 'server');
  return {
    name: `${plan.fileName ?? 'recording'}.${plan.format}`,
    kind: scenes.length === 0 ? 'audio' : 'composed',
    scenes,
    voices,
    hasSound,
  };
}

/** Each as long as the recording, so that they stay beside each other in an editor. */
function planTracks(story: Story, { plan, material }: MakeOptions): Production[] {
  const readable = withoutUnreadable(story, material).tracks.filter(({ segments }) => segments.length > 0);
  const names = nameTracks(readable, plan.format);
  return readable.map((track, index) => {
    const isSound = track.kind === 'audio';
    return {
      name: names[index] ?? '',
      kind: 'track',
      scenes: isSound ? [] : layOutTrack(track, { durationMs: story.durationMs, ...plan.video }),
      voices: isSound ? [track] : [],
      hasSound: isSound,
    };
  });
}

function withoutUnreadable(story: Story, { unreadable }: Material): Story {
  const tracks = story.tracks.map((track) => ({
    ...track,
    segments: track.segments.filter(({ name }) => !unreadable.includes(name)),
  }));
  return { ...story, tracks };
}

async function composeAll(productions: readonly Production[], options: MakeOptions): Promise<Piece[][]> {
  const { plan, workshop, progress, material } = options;
  const frames = productions
    .flatMap(({ scenes }) => scenes)
    .reduce((sum, scene) => sum + scene.toFrame - scene.fromFrame, 0);
  const meter = progress.begin('composing', frames / plan.video.framerate);
  const pictures: Piece[][] = [];
  for (const { scenes } of productions) {
    const { footage } = material;
    pictures.push(await compose({ workshop, scenes, footage, video: plan.video, count: 1, meter }));
  }
  return pictures;
}

async function mixAll(
  productions: readonly Production[],
  story: Story,
  options: MakeOptions,
): Promise<Piece[][]> {
  const { workshop, progress, material } = options;
  const { durationMs } = story;
  const audible = productions.filter(({ hasSound }) => hasSound).length;
  const meter = progress.begin('mixing', (audible * durationMs) / 1_000);
  const sounds: Piece[][] = [];
  for (const { voices, hasSound } of productions) {
    const takes = voices.flatMap((track) =>
      track.segments.flatMap(({ name }) =>
        (material.takes.get(name) ?? []).map((take) => ({ ...take, ear: earOf(track, options.plan) })),
      ),
    );
    sounds.push(hasSound ? await mix({ workshop, takes, durationMs, count: TOOLS_AT_ONCE, meter }) : []);
  }
  return sounds;
}

/** A phone call has its two ends beside each other. */
function earOf({ userId }: StoryTrack, { farEnd }: RecordingPlan): Ear {
  if (farEnd === undefined) return undefined;
  return userId === farEnd ? 'right' : 'left';
}
