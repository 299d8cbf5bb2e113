/** What was taken of a stream, on the disk beside its segments: enough to go on after a kill, and to make the file of. */
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { SerialQueue } from '../../lib/index.ts';

const Position = {
  /** Grows when the stream began to count anew. */
  epoch: Type.Integer({ minimum: 0 }),
  /** Its media sequence number; between two of them for one that no playlist named. */
  sequence: Type.Number(),
};

const Range = Type.Object({ offset: Type.Integer(), length: Type.Integer() });

const SegmentLine = Type.Object({
  type: Type.Literal('segment'),
  ...Position,
  location: Type.String(),
  range: Type.Optional(Range),
  /** Seconds. */
  duration: Type.Number(),
  isDiscontinuous: Type.Boolean(),
  isNamed: Type.Boolean(),
  container: Type.Union([Type.Literal('ts'), Type.Literal('mp4')]),
  /** Its file, and that of its initialisation. */
  file: Type.String(),
  map: Type.Optional(Type.String()),
  size: Type.Integer(),
  fetchedBytes: Type.Integer(),
});
export type SegmentLine = Static<typeof SegmentLine>;

const HoleLine = Type.Object({
  type: Type.Literal('hole'),
  ...Position,
  location: Type.String(),
  range: Type.Optional(Range),
  duration: Type.Number(),
  isDiscontinuous: Type.Boolean(),
  isNamed: Type.Boolean(),
  reason: Type.String(),
});
export type HoleLine = Static<typeof HoleLine>;

/** Of an earlier stream of the same key: it is not taken. */
const LeftoverLine = Type.Object({ type: Type.Literal('leftover'), ...Position, location: Type.String() });
export type LeftoverLine = Static<typeof LeftoverLine>;

const Line = Type.Union([SegmentLine, HoleLine, LeftoverLine]);
export type JournalLine = Static<typeof Line>;

const NAME = 'journal.jsonl';
const OWN_FILE = /^(\d+\.seg|map-[0-9a-f]+)(\.part)?$/;

export class Journal {
  readonly folder: string;
  readonly #queue = new SerialQueue();
  readonly #lines = new Map<string, JournalLine>();
  #nextFile = 1;
  #duration = 0;
  #size = 0;

  /** Reads what is there, and takes away what a kill left half done. */
  static async open(folder: string): Promise<Journal> {
    await mkdir(folder, { recursive: true });
    const journal = new Journal(folder);
    await journal.#read();
    return journal;
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** In the order of the stream. */
  get lines(): JournalLine[] {
    return [...this.#lines.values()].toSorted(byPosition);
  }

  get segments(): SegmentLine[] {
    return this.lines.filter((line) => line.type === 'segment');
  }

  get holes(): HoleLine[] {
    return this.lines.filter((line) => line.type === 'hole');
  }

  at(position: Pick<SegmentLine, 'epoch' | 'sequence'>): JournalLine | undefined {
    return this.#lines.get(positionOf(position));
  }

  /** Of what was taken, in seconds and bytes. */
  get total(): { readonly duration: number; readonly size: number } {
    return { duration: this.#duration, size: this.#size };
  }

  pathOf(file: string): string {
    return join(this.folder, file);
  }

  nextFile(): string {
    this.#nextFile += 1;
    return `${this.#nextFile - 1}.seg`;
  }

  /** Resolves when the line is written. One of the same position takes the place of the one before. */
  async add(line: JournalLine): Promise<void> {
    await this.#queue.run(() => appendFile(join(this.folder, NAME), `${JSON.stringify(line)}\n`));
    const before = this.#lines.get(positionOf(line));
    this.#set(line);
    if (before?.type === 'segment' && (line.type !== 'segment' || line.file !== before.file)) {
      await rm(this.pathOf(before.file), { force: true });
    }
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }

  async #read(): Promise<void> {
    const path = join(this.folder, NAME);
    // What it does not name is taken away: one that cannot be read just now must not pass for an empty one.
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    // A line that a kill cut off would swallow the beginning of the next one.
    if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
    for (const line of text.split('\n').map(parseLine)) {
      if (line) this.#set(line);
    }
    const isThere = await this.#sizes();
    const needed = new Set<string>();
    for (const [position, line] of this.#lines) {
      if (line.type !== 'segment') continue;
      const isWhole = isThere.get(line.file) === line.size && (!line.map || isThere.has(line.map));
      if (!isWhole) this.#forget(position);
      else for (const file of [line.file, line.map]) if (file) needed.add(file);
    }
    for (const name of isThere.keys()) {
      const number = Number(/^(\d+)\.seg/.exec(name)?.[1] ?? 0);
      this.#nextFile = Math.max(this.#nextFile, number + 1);
      if (!needed.has(name)) await rm(this.pathOf(name), { force: true });
    }
  }

  #set(line: JournalLine): void {
    this.#forget(positionOf(line));
    this.#lines.set(positionOf(line), line);
    this.#count(line, 1);
  }

  #forget(position: string): void {
    const line = this.#lines.get(position);
    if (!line) return;
    this.#lines.delete(position);
    this.#count(line, -1);
  }

  #count(line: JournalLine, sign: 1 | -1): void {
    if (line.type !== 'segment') return;
    this.#duration += sign * line.duration;
    this.#size += sign * line.size;
  }

  async #sizes(): Promise<Map<string, number>> {
    const names = (await readdir(this.folder)).filter((name) => OWN_FILE.test(name));
    const sizes = await Promise.all(names.map(async (name) => (await stat(this.pathOf(name))).size));
    return new Map(names.map((name, index) => [name, sizes[index] ?? 0]));
  }
}

export function positionOf({ epoch, sequence }: Pick<SegmentLine, 'epoch' | 'sequence'>): string {
  return `${epoch}/${sequence}`;
}

function byPosition(
  a: Pick<SegmentLine, 'epoch' | 'sequence'>,
  b: Pick<SegmentLine, 'epoch' | 'sequence'>,
): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return Value.Check(Line, line) ? line : undefined;
  } catch {
    return undefined;
  }
}
