/** `manifest.json`: what a recording is made of, for people and programs; and by which a finish knows that it is done. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { RecordingPlan } from '../plan.ts';
import { findGaps } from './gaps.ts';
import type { FinishedFile, FinishResult } from './result.ts';
import type { Span } from './spans.ts';
import type { OutputFolder } from './steps/output-folder.ts';
import type { Story, StoryTrack } from './story.ts';

const MANIFEST = 'manifest.json';
const VERSION = 1;

const Milliseconds = Type.Number();
/** Milliseconds of the recording. */
const SpanEntry = Type.Object({ fromMs: Milliseconds, toMs: Milliseconds });
const Kind = Type.Union(
  (['composed', 'track', 'audio', 'thumbnail', 'manifest'] as const).map((kind) => Type.Literal(kind)),
);

export const Manifest = Type.Object({
  version: Type.Literal(VERSION),
  /** What the finish was made of: another timeline or plan is another recording. */
  source: Type.String(),
  recording: RecordingPlan,
  startedAt: Type.String(),
  durationMs: Milliseconds,
  participants: Type.Array(
    Type.Object({ userId: Type.String(), name: Type.String(), present: Type.Array(SpanEntry) }),
  ),
  tracks: Type.Array(
    Type.Object({
      trackId: Type.String(),
      userId: Type.String(),
      kind: Type.String(),
      source: Type.String(),
      published: Type.Array(SpanEntry),
      paused: Type.Array(SpanEntry),
      segments: Type.Array(Type.Object({ name: Type.String(), fromMs: Milliseconds, toMs: Milliseconds })),
      /** When it was published, not paused, and yet nothing of it is there. */
      gaps: Type.Array(Type.Object({ fromMs: Milliseconds, toMs: Milliseconds, reason: Type.String() })),
    }),
  ),
  /** When no server was there to record. */
  downtimes: Type.Array(SpanEntry),
  /** Segments of which nothing could be read. */
  unreadable: Type.Array(Type.String()),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Kind,
      size: Type.Integer(),
      type: Type.String(),
      sha256: Type.String(),
    }),
  ),
});
export type Manifest = Static<typeof Manifest>;

export interface ManifestParts {
  readonly source: string;
  readonly plan: RecordingPlan;
  readonly story: Story;
  readonly unreadable: readonly string[];
  readonly files: readonly FinishedFile[];
}

export function describeRecording({ source, plan, story, unreadable, files }: ManifestParts): Manifest {
  return {
    version: VERSION,
    source,
    recording: plan,
    startedAt: new Date(story.startedAtMs).toISOString(),
    durationMs: round(story.durationMs),
    participants: story.participants.map(({ userId, name, present }) => ({
      userId,
      name,
      present: present.map(roundSpan),
    })),
    tracks: story.tracks.map((track) => describeTrack(track, story)),
    downtimes: story.downtimes.map(roundSpan),
    unreadable: [...unreadable],
    files: files.map(({ name, kind, size, type, sha256 }) => ({ name, kind, size, type, sha256 })),
  };
}

/** The last file that is made: with it, the recording is finished. */
export async function writeManifest(output: OutputFolder, manifest: Manifest): Promise<FinishedFile> {
  await output.make(MANIFEST, (path) => writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`));
  return output.describe({ name: MANIFEST, kind: 'manifest', type: 'application/json' });
}

/** What a finish that came to its end gave, when all of it is still there and was made of the same. */
export async function readResult(output: OutputFolder, source: string): Promise<FinishResult | undefined> {
  const text = await readFile(join(output.folder, MANIFEST), 'utf8').catch(() => '{}');
  const manifest: unknown = parse(text);
  if (!Value.Check(Manifest, manifest) || manifest.source !== source) return undefined;
  const files = manifest.files.map((file) => ({ ...file, path: join(output.folder, file.name) }));
  const sizes = await Promise.all(files.map(({ path }) => sizeOf(path)));
  if (files.some(({ size }, index) => size !== sizes[index])) return undefined;
  const own = await output.describe({ name: MANIFEST, kind: 'manifest', type: 'application/json' });
  return {
    files: [...files, own],
    startedAtMs: Date.parse(manifest.startedAt),
    durationMs: manifest.durationMs,
    tracks: manifest.tracks.filter(({ segments }) => segments.length > 0).length,
  };
}

function describeTrack(track: StoryTrack, story: Story): Manifest['tracks'][number] {
  const { trackId, userId, kind, source, published, paused, segments } = track;
  return {
    trackId,
    userId,
    kind,
    source,
    published: published.map(roundSpan),
    paused: paused.map(roundSpan),
    segments: segments.map(({ name, flows }) => ({
      name,
      fromMs: round(flows[0]?.fromMs ?? 0),
      toMs: round(flows.at(-1)?.toMs ?? 0),
    })),
    gaps: findGaps(track, story).map(({ reason, ...span }) => ({ ...roundSpan(span), reason })),
  };
}

function roundSpan({ fromMs, toMs }: Span): Span {
  return { fromMs: round(fromMs), toMs: round(toMs) };
}

/** To microseconds: what is beyond is noise. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
