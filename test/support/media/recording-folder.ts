/**
 * The folder of a recording as a capture leaves it, without one: segments are encoded from what a test wants to find again, and
 * its timeline is written by hand. Times are milliseconds of the recording, by the wall; each sender has a clock of its own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimelineEntry } from '../../../src/recording/capture/index.ts';
import { type RecordingPlan, writePlan } from '../../../src/recording/plan.ts';
import { makePictureFile, makeSoundFile } from './clip.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 1);

export interface SegmentOptions {
  readonly trackId: string;
  readonly fromMs: number;
  readonly seconds: number;
  /** A colour of ffmpeg, for a picture; the clip, with its flashes and beeps, otherwise. */
  readonly color?: string;
  /** Matroska that is there already, instead. */
  readonly file?: string;
  /** Of a picture of one colour. */
  readonly size?: string;
  /** How much faster the clock of the sender runs than the wall. */
  readonly skewPpm?: number;
  /** By how much its reports are late at most. */
  readonly jitterMs?: number;
  readonly endReason?: string | null;
}

type Happening<T = TimelineEntry> = T extends unknown ? Omit<T, 'atMs'> : never;

const ANCHOR = { type: 'anchor', recordingId: 'r', callId: 'c', roomId: 'room' } as const;
const REPORT_INTERVAL_MS = 1_000;

export class RecordingFolder {
  readonly path: string;
  readonly plan: RecordingPlan;
  readonly #entries: TimelineEntry[] = [];
  readonly #kinds = new Map<string, 'audio' | 'video'>();
  #segments = 0;

  static async create(plan: Partial<RecordingPlan> = {}): Promise<RecordingFolder> {
    const path = await mkdtemp(join(tmpdir(), 'kaa-finish-'));
    const folder = new RecordingFolder(path, { ...DEFAULT_PLAN, ...plan });
    await writePlan(path, folder.plan);
    folder.restarted(0);
    return folder;
  }

  private constructor(path: string, plan: RecordingPlan) {
    this.path = path;
    this.plan = plan;
  }

  note(atMs: number, happening: Happening): void {
    this.#entries.push({ ...happening, atMs });
  }

  /** The server was gone, and is back. */
  restarted(atMs: number): void {
    this.note(atMs, { ...ANCHOR, wallMs: STARTED_AT_MS + atMs });
  }

  joined(atMs: number, userId: string, name = userId): void {
    this.note(atMs, { type: 'participant-joined', userId, name });
  }

  left(atMs: number, userId: string): void {
    this.note(atMs, { type: 'participant-left', userId });
  }

  /** Published by `userId`, and named `<userId>-<source>`. */
  published(atMs: number, userId: string, source: 'camera' | 'microphone' | 'screen'): string {
    const trackId = `${userId}-${source}`;
    const kind = source === 'microphone' ? 'audio' : 'video';
    this.#kinds.set(trackId, kind);
    this.note(atMs, { type: 'track-added', trackId, userId, kind, source });
    return trackId;
  }

  /** Resolves with the name of its file. */
  async segment(options: SegmentOptions): Promise<string> {
    const { trackId, fromMs, seconds, skewPpm = 0, jitterMs = 0, endReason = 'stopped' } = options;
    const kind = this.#kinds.get(trackId) ?? 'video';
    this.#segments += 1;
    const name = `${String(this.#segments).padStart(3, '0')}-${kind}.mkv`;
    const path = join(this.path, name);
    if (options.file) await Bun.write(path, Bun.file(options.file));
    else await encode(path, kind, options);
    const clockRate = kind === 'audio' ? 48_000 : 90_000;
    const mimeType = kind === 'audio' ? 'audio/opus' : 'video/VP8';
    this.note(Math.max(0, fromMs - 20), {
      type: 'segment-opened',
      segment: name,
      trackId,
      mimeType,
      clockRate,
    });
    const firstRtp = 4_294_900_000;
    this.note(fromMs, { type: 'segment-began', segment: name, rtpTimestamp: firstRtp });
    for (let atMs = 100; atMs < seconds * 1_000; atMs += REPORT_INTERVAL_MS) {
      const ticks = Math.round((atMs / 1_000) * clockRate * (1 + skewPpm / 1e6));
      this.note(fromMs + atMs, {
        type: 'sender-report',
        segment: name,
        // Spread evenly over its jitter, and the same in every run.
        wallMs: STARTED_AT_MS + fromMs + atMs + jitterMs * ((atMs * 0.000_618_034) % 1),
        rtpTimestamp: (firstRtp + ticks) % 2 ** 32,
      });
    }
    if (endReason !== null) {
      this.note(fromMs + seconds * 1_000, { type: 'segment-ended', segment: name, reason: endReason });
    }
    return name;
  }

  /** Writes the timeline; `closedMs` is the end of the recording. */
  async close(closedMs?: number): Promise<void> {
    if (closedMs !== undefined) this.note(closedMs, { type: 'closed', reason: 'stopped' });
    // `toSorted` keeps the order of what is at the same time.
    const sorted = this.#entries.toSorted((a, b) => a.atMs - b.atMs);
    const lines = sorted.map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(join(this.path, 'timeline.jsonl'), lines.join(''));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

const DEFAULT_PLAN: RecordingPlan = {
  recordingId: 'r',
  callId: 'c',
  roomId: 'room',
  name: 'A test',
  startedBy: null,
  layout: 'grid',
  format: 'mp4',
  startedAtMs: STARTED_AT_MS,
  maxDurationMs: 3_600_000,
  video: { codec: 'h264', bitrate: 1_000_000, width: 640, height: 360, framerate: 30 },
  audio: { codec: 'aac', bitrate: 96_000 },
};

/** By what is in them: many tests want the same. */
const encoded = new Map<string, Uint8Array>();

async function encode(path: string, kind: 'audio' | 'video', options: SegmentOptions): Promise<void> {
  const { seconds, color, size = '320x180', skewPpm = 0 } = options;
  const key = JSON.stringify([kind, seconds, color, size, skewPpm]);
  const known = encoded.get(key);
  if (known) await Bun.write(path, known);
  else await encodeNew(path, kind, { seconds, color, size, skewPpm });
  if (!known) encoded.set(key, await Bun.file(path).bytes());
}

interface EncodingOptions {
  readonly seconds: number;
  readonly color: string | undefined;
  readonly size: string;
  readonly skewPpm: number;
}

async function encodeNew(path: string, kind: 'audio' | 'video', options: EncodingOptions): Promise<void> {
  const { seconds, color, size, skewPpm } = options;
  const rate = 1 + skewPpm / 1e6;
  const container = ['-cluster_time_limit', '250', '-f', 'matroska', path];
  if (color) {
    const source = `color=c=${color}:s=${size}:r=30:d=${seconds}`;
    const codec = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '30'];
    return run(['-f', 'lavfi', '-i', source, ...codec, ...container]);
  }
  const [video, audio] = await Promise.all([makePictureFile({ seconds }), makeSoundFile(seconds)]);
  const input = kind === 'video' ? video : audio;
  return run(['-itsscale', String(rate), '-i', input, '-c', 'copy', ...container]);
}

async function run(args: readonly string[]): Promise<void> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], { stdin: 'ignore', stderr: 'pipe' });
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new Error(`ffmpeg could not make a segment: ${complaint}`);
}
