/** What the finish of a recording must know about it: kept in its folder, so that the folder is enough. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { RecordingFormat, RecordingLayout } from '../protocol/index.ts';

const Literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));

/** What may be recorded this way; each is a call to those who record it. */
const Kind = Literals(['call', 'ingest', 'phone']);

export const RecordingPlan = Type.Object({
  /** A call when it is not there. */
  kind: Type.Optional(Kind),
  recordingId: Type.String(),
  /** Of an upload, the id of its session; of a phone call, its own. */
  callId: Type.String(),
  roomId: Type.String(),
  /** For people. */
  name: Type.String(),
  /** Of the main file, without its extension; `recording` when it is not there. Safe on every file system. */
  fileName: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-][A-Za-z0-9_.-]*$', maxLength: 100 })),
  /** What another system calls it. */
  streamId: Type.Optional(Type.String()),
  startedBy: Type.Union([Type.String(), Type.Null()]),
  /** `single`: what one publisher sends, in the whole frame, from the first packet to the last. */
  layout: Type.Union([RecordingLayout, Type.Literal('single')]),
  /** Of a phone call: who is heard right alone, everyone else left; and the recording lasts from their first packet on. */
  farEnd: Type.Optional(Type.String()),
  format: RecordingFormat,
  /** Milliseconds since 1970. */
  startedAtMs: Type.Number(),
  maxDurationMs: Type.Number(),
  video: Type.Object({
    codec: Literals(['h264', 'vp8', 'vp9']),
    /** Bits a second. */
    bitrate: Type.Integer(),
    width: Type.Integer(),
    height: Type.Integer(),
    framerate: Type.Integer(),
  }),
  audio: Type.Object({ codec: Literals(['aac', 'opus']), bitrate: Type.Integer() }),
});
export type RecordingPlan = Static<typeof RecordingPlan>;
export type PlanKind = Static<typeof Kind>;

export function kindOf({ kind }: Pick<RecordingPlan, 'kind'>): PlanKind {
  return kind ?? 'call';
}

const NAME = 'recording.json';

/** Resolves when it is on the disk; whoever reads meanwhile finds nothing, or all of it. */
export async function writePlan(folder: string, plan: RecordingPlan): Promise<void> {
  const path = join(folder, NAME);
  const file = await open(`${path}.part`, 'w');
  try {
    await file.writeFile(JSON.stringify(plan, null, 2));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
  const parent = await open(dirname(path));
  await parent.sync().finally(() => parent.close());
}

/** Undefined when there is none, or what is there is none. Rejects as the file system does when it cannot be read now. */
export async function readPlan(folder: string): Promise<RecordingPlan | undefined> {
  const text = await readFile(join(folder, NAME), 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if (text === undefined) return undefined;
  try {
    const plan: unknown = JSON.parse(text);
    return Value.Check(RecordingPlan, plan) ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file is not there; others may be readable later. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
