/**
 * What happened in a recording and when, as lines of JSON that are on the disk before anybody relies on them. The recording can
 * be finished from this file and the segments beside it alone.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { SerialQueue } from '../../lib/index.ts';

const Milliseconds = Type.Number();
const Text = Type.String();

function entry<Name extends string, Properties extends TProperties>(type: Name, properties: Properties) {
  // Monotonic milliseconds since the anchor before it: a clock that is set meanwhile moves nothing.
  return Type.Object({ type: Type.Literal(type), atMs: Milliseconds, ...properties });
}

const Track = {
  trackId: Text,
  userId: Text,
  kind: Type.Union([Type.Literal('audio'), Type.Literal('video')]),
  source: Text,
};

export const TimelineEntry = Type.Union([
  /** The first line of each run of the server: what the milliseconds that follow count from. */
  entry('anchor', { wallMs: Milliseconds, recordingId: Text, callId: Text, roomId: Text }),
  entry('participant-joined', { userId: Text, name: Text }),
  entry('participant-left', { userId: Text }),
  entry('track-added', Track),
  entry('track-paused', { trackId: Text }),
  entry('track-resumed', { trackId: Text }),
  entry('track-removed', { trackId: Text }),
  /** `segment` is the name of a file beside this one. */
  entry('segment-opened', { segment: Text, trackId: Text, mimeType: Text, clockRate: Type.Integer() }),
  /** The first packet of the segment. */
  entry('segment-began', { segment: Text, rtpTimestamp: Type.Integer() }),
  entry('segment-ended', { segment: Text, reason: Text }),
  /** Which moment of the wall a moment of the track was, as its sender, or the worker for it, said. */
  entry('sender-report', { segment: Text, wallMs: Milliseconds, rtpTimestamp: Type.Integer() }),
  entry('active-speaker', { userId: Type.Union([Text, Type.Null()]) }),
  entry('closed', { reason: Text }),
]);
export type TimelineEntry = Static<typeof TimelineEntry>;

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;
/** An entry before it was given its time. */
export type Happening = WithoutTime<TimelineEntry>;

export class Timeline {
  readonly #file: FileHandle;
  readonly #queue = new SerialQueue();
  readonly #anchorMs = performance.now();
  /** Lines that wait: however many there are, they go to the disk together. */
  #lines: string[] = [];
  /** Whether a write failed, perhaps in the middle of a line. */
  #isTorn = false;

  /** Goes on where the file ends; a new one when there is none. */
  static async open(path: string): Promise<Timeline> {
    const isCut = await endsWithinLine(path);
    const file = await open(path, 'a');
    // The end of a line that a kill cut off must not spoil the next one.
    if (isCut) await file.appendFile('\n');
    return new Timeline(file);
  }

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Resolves when the entry is on the disk. Entries are in the order of the calls. Rejects as the file system does; the entry
   * is kept then, and written with the next one.
   */
  note(happening: Happening): Promise<void> {
    const atMs = Math.round((performance.now() - this.#anchorMs) * 1_000) / 1_000;
    this.#lines.push(`${JSON.stringify({ ...happening, atMs })}\n`);
    return this.#queue.run(() => this.#write());
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    try {
      await this.#file.appendFile(`${this.#isTorn ? '\n' : ''}${lines.join('')}`);
      await this.#file.datasync();
      this.#isTorn = false;
    } catch (error) {
      this.#isTorn = true;
      this.#lines = [...lines, ...this.#lines];
      throw error;
    }
  }

  /** Resolves when all is written. Twice is no error. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.#file.close();
  }
}

/** What can be read of it: a line that a kill cut off is left out, as if it had not happened. */
export async function readTimeline(path: string): Promise<TimelineEntry[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const parsed = parse(line);
    return Value.Check(TimelineEntry, parsed) ? [parsed] : [];
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function endsWithinLine(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text !== '' && !text.endsWith('\n');
}
