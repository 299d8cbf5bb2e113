/**
 * What happened in a recording and when, as lines of JSON that are on the disk before anybody relies on them. The recording can
 * be finished from this file and the segments beside it alone.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Emitter, type Listenable, SerialQueue } from '../../lib/index.ts';

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
  /** Which moment of the wall, by the clock of the last anchor, a moment of the track was, as the worker said for its sender. */
  entry('sender-report', { segment: Text, wallMs: Milliseconds, rtpTimestamp: Type.Integer() }),
  /** So many packets of the segment never came. */
  entry('packets-missed', { segment: Text, packets: Type.Integer() }),
  entry('active-speaker', { userId: Type.Union([Text, Type.Null()]) }),
  /** Every second: what a run of the server that was killed did is known until then. */
  entry('heartbeat', {}),
  entry('closed', { reason: Text }),
]);
export type TimelineEntry = Static<typeof TimelineEntry>;

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;
/** An entry before it was given its time. */
export type Happening = WithoutTime<TimelineEntry>;

/** Of what the timeline is. */
export interface TimelineSubject {
  readonly recordingId: string;
  readonly callId: string;
  readonly roomId: string;
}

interface TimelineEvents extends Record<string, unknown> {
  /** What is written down does not reach the disk. It is kept, and written with the next entry that does. */
  failed: unknown;
  /** After a failure: everything is on the disk again. */
  recovered: undefined;
}

interface Line {
  readonly text: string;
  /** Whether it is worth keeping while nothing can be written. */
  readonly isLasting: boolean;
}

export class Timeline {
  readonly #file: FileHandle;
  readonly #queue = new SerialQueue();
  readonly #emitter = new Emitter<TimelineEvents>();
  readonly #anchorMs = performance.now();
  readonly #anchorWallMs = Date.now();
  /** Lines that wait: however many there are, they go to the disk together. */
  #lines: Line[] = [];
  /** How long the file is, in bytes, up to the last whole line. */
  #length: number;
  #hasFailed = false;

  /** Goes on where the file ends, with another anchor; a new one when there is none. Rejects as the file system does. */
  static async open(path: string, subject: TimelineSubject): Promise<Timeline> {
    const file = await open(path, 'a');
    try {
      const timeline = new Timeline(file, await cutTornLine(path, file));
      await timeline.note({ type: 'anchor', wallMs: timeline.#anchorWallMs, ...subject });
      return timeline;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  get events(): Listenable<TimelineEvents> {
    return this.#emitter;
  }

  /** The wall time, by the clock of the anchor, of a moment by `performance.now()`. */
  toWallMs(monotonicMs: number): number {
    return this.#anchorWallMs + monotonicMs - this.#anchorMs;
  }

  /**
   * Resolves when the entry is on the disk. Entries are in the order of the calls. Rejects as the file system does; the entry
   * is kept then, and written with the next one. `atMonotonicMs` is by `performance.now()`, for what is told of afterwards.
   */
  note(happening: Happening, atMonotonicMs?: number): Promise<void> {
    this.#push(happening, { isLasting: true, atMonotonicMs });
    return this.#queue.run(() => this.#write({ isDurable: true }));
  }

  /** The same, for those who do not wait: `failed` tells what they would have been told. */
  add(happening: Happening): void {
    this.note(happening).catch(() => {
      // `failed` told it, or the timeline is closed.
    });
  }

  /** Goes to the file with what is written next, and is lost when that cannot be. */
  jot(happening: Happening): void {
    this.#push(happening, { isLasting: false });
  }

  /** To be called every second. Resolves when everything is in the file, though perhaps not on the disk. Never rejects. */
  async beat(): Promise<void> {
    this.jot({ type: 'heartbeat' });
    await this.#queue
      .run(() => this.#write({ isDurable: false }))
      .catch(() => {
        // The same as of `add`.
      });
  }

  /** Resolves when all is written that can be, and the file is closed. Twice is no error. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.#emitter.removeAll();
    await this.#file.close();
  }

  #push(
    happening: Happening,
    {
      isLasting,
      atMonotonicMs = performance.now(),
    }: { isLasting: boolean; atMonotonicMs?: number | undefined },
  ): void {
    const atMs = Math.round((atMonotonicMs - this.#anchorMs) * 1_000) / 1_000;
    this.#lines.push({ text: `${JSON.stringify({ ...happening, atMs })}\n`, isLasting });
  }

  async #write({ isDurable }: { readonly isDurable: boolean }): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    const text = lines.map((line) => line.text).join('');
    try {
      // What a failed write left of its lines would be there twice.
      if (this.#hasFailed) await this.#file.truncate(this.#length);
      await this.#file.appendFile(text);
      if (isDurable) await this.#file.datasync();
    } catch (error) {
      this.#lines = [...lines.filter(({ isLasting }) => isLasting), ...this.#lines];
      this.#hasFailed = true;
      this.#emitter.emit('failed', error);
      throw error;
    }
    this.#length += Buffer.byteLength(text);
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    this.#emitter.emit('recovered', undefined);
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

/** The end of a line that a kill cut off must not spoil the next one. Resolves to the length of what is left, in bytes. */
async function cutTornLine(path: string, file: FileHandle): Promise<number> {
  const bytes = await readFile(path);
  const length = bytes.lastIndexOf('\n') + 1;
  if (length < bytes.length) await file.truncate(length);
  return length;
}
