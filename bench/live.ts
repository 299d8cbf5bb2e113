/** `live`: many live streams at once, whose segments come by the clock: what each costs, and whether one falls behind. */
import { rm } from 'node:fs/promises';
import { UndoStack } from '../src/lib/index.ts';
import { ServerProcess } from '../test/support/kills/server-process.ts';
import { type Hls, makeHls, playlistOf } from '../test/support/live/hls.ts';
import { liveEnv } from '../test/support/live/live-world.ts';
import { createDataDir } from '../test/support/server.ts';
import type { BucketContents, StoredBytes } from '../test/support/storage/s3/bucket-contents.ts';
import { S3StandIn } from '../test/support/storage/s3/stand-in.ts';
import { type Benchmark, type BenchmarkOptions, type Result, reading } from './benchmark.ts';
import { readTotalCpuMs, readTotalResidentBytes } from './measure/process-stat.ts';
import { workerBin } from './processes/kaa.ts';

interface Scale {
  readonly streams: number;
  readonly segments: number;
  readonly size: string;
}

const FULL: Scale = { streams: 50, segments: 30, size: '1280x720' };
const SMOKE: Scale = { streams: 2, segments: 2, size: '160x90' };
const SEGMENT_SECONDS = 2;
/** How many segments a playlist names. */
const WINDOW = 3;
const BUCKET = 'live-segments';
const MIB = 1_024 ** 2;
const COMPLETION_TIMEOUT_MS = 600_000;

export const live: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => (Bun.which('ffmpeg') ? undefined : 'there is no ffmpeg'),
  run: async (options) => {
    const undo = new UndoStack();
    try {
      return await measure(undo, options.isSmoke ? SMOKE : FULL, options);
    } finally {
      await undo.unwind();
    }
  },
};

async function measure(undo: UndoStack, scale: Scale, { report }: BenchmarkOptions): Promise<Result> {
  const seconds = scale.segments * SEGMENT_SECONDS;
  const hls = await makeHls({ seconds, segmentSeconds: SEGMENT_SECONDS, size: scale.size });
  const s3 = undo.add(await S3StandIn.create(), (made) => made.close());
  const publisher = new Publisher(s3.addBucket(BUCKET), hls);
  const dataDir = undo.add(await createDataDir(), (path) => rm(path, { recursive: true, force: true }));
  // As it is by default, but for where it is.
  const { MONITOR_INTERVAL: _, LIVE_RETRY_PAUSE: __, LIVE_SETTLE_TIME: ___, ...env } = liveEnv(s3);
  const server = undo.add(
    await ServerProcess.start({ dataDir, env: { ...workerBin(), ...env, LOG_LEVEL: 'info' } }),
    (made) => made.end('SIGKILL'),
  );
  const keys = Array.from({ length: scale.streams }, (_value, index) => `stream-${index}`);
  await Promise.all(keys.map((key) => tell(server, 'stream.started', key)));
  const cpuBefore = await readTotalCpuMs([server.pid]);
  const startedAt = performance.now();
  const behind: number[] = [];
  for (let index = 0; index < scale.segments; index += 1) {
    for (const key of keys) publisher.publish(key, index, index === scale.segments - 1);
    await Bun.sleep(Math.max(0, startedAt + (index + 1) * SEGMENT_SECONDS * 1_000 - performance.now()));
    behind.push(Math.max(...keys.map((key) => index + 1 - publisher.readOf(key, s3))));
  }
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  const cpuMs = (await readTotalCpuMs([server.pid])) - cpuBefore;
  const takenInTime = keys.reduce((sum, key) => sum + publisher.readOf(key, s3), 0);
  const residentBytes = await readTotalResidentBytes([server.pid]);
  report(
    `after ${elapsedSeconds.toFixed(0)} s the last of ${scale.streams} streams is ${behind.at(-1)} segments behind`,
  );
  const endedAt = performance.now();
  await Promise.all(keys.map((key) => tell(server, 'stream.ended', key)));
  const completed = await whenCompleted(server, scale.streams);
  const finishSeconds = (performance.now() - endedAt) / 1_000;
  const taken = keys.reduce((sum, key) => sum + publisher.readOf(key, s3), 0);
  return {
    rows: [
      reading({ name: 'segments taken in a second', unit: '' }, [takenInTime / elapsedSeconds]),
      reading({ name: 'CPU of a stream', unit: 'ms/s' }, [cpuMs / elapsedSeconds / scale.streams]),
      reading({ name: 'furthest behind, at the end of a segment', unit: 'segments' }, [
        Math.max(...behind.slice(1), 0),
      ]),
      reading({ name: 'server, resident', unit: 'MiB' }, [residentBytes / MIB]),
      reading({ name: 'from the end of all until all are completed', unit: 's' }, [finishSeconds]),
    ],
    counts: { streams: scale.streams, published: scale.streams * scale.segments, taken, completed },
    series: { behind },
  };
}

async function tell(server: ServerProcess, event: string, key: string): Promise<void> {
  const body = {
    event,
    stream_id: key,
    stream_key: key,
    user_id: 'bench',
    timestamp: new Date().toISOString(),
  };
  const { status } = await server.ask('POST', '/webhook/stream', 'bench', body);
  if (status !== 200) throw new Error(`an event was answered ${status}`);
}

async function whenCompleted(server: ServerProcess, count: number): Promise<number> {
  const deadline = performance.now() + COMPLETION_TIMEOUT_MS;
  for (;;) {
    const { body } = await server.ask('GET', '/recordings?kind=live&status=completed&limit=1', 'bench');
    if (body.pagination.total >= count) return body.pagination.total;
    if (performance.now() > deadline) throw new Error(`${body.pagination.total} of ${count} were completed`);
    await Bun.sleep(250);
  }
}

/** Puts segments into the bucket: their bytes are there once, however many streams have them. */
class Publisher {
  readonly #contents: BucketContents;
  readonly #names: readonly string[];
  readonly #stored: ReadonlyMap<string, StoredBytes>;

  constructor(contents: BucketContents, hls: Hls) {
    this.#contents = contents;
    this.#names = hls.segments;
    this.#stored = new Map(
      hls.segments.map((name) => {
        const bytes = hls.files.get(name) ?? Buffer.alloc(0);
        return [name, contents.put(name, { bytes, type: 'video/mp2t', sha256: undefined })];
      }),
    );
  }

  publish(key: string, index: number, isLast: boolean): void {
    const name = this.#names[index];
    const stored = name === undefined ? undefined : this.#stored.get(name);
    if (!stored) throw new Error('there are no more segments');
    this.#contents.objects.set(`${key}/${name}`, { ...stored, modifiedAt: new Date() });
    const from = Math.max(0, index + 1 - WINDOW);
    const entries = this.#names.slice(from, index + 1);
    const playlist = playlistOf({
      sequence: from,
      entries,
      isEnded: isLast,
      target: SEGMENT_SECONDS,
      seconds: SEGMENT_SECONDS,
    });
    const bytes = Buffer.from(playlist);
    this.#contents.put(`${key}/index.m3u8`, {
      bytes,
      type: 'application/vnd.apple.mpegurl',
      sha256: undefined,
    });
  }

  /** How many of its segments were read. */
  readOf(key: string, s3: S3StandIn): number {
    return this.#names.filter((name) => s3.reads.has(`${BUCKET}/${key}/${name}`)).length;
  }
}
