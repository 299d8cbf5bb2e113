/** A server that records live streams, with an S3 to take segments from and to store in; and what a test does to it. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../../src/lib/index.ts';
import type { RecordingResource } from '../../../src/library/index.ts';
import { startTestServer, type TestServer } from '../server.ts';
import type { BucketContents } from '../storage/s3/bucket-contents.ts';
import { ACCESS_KEY_ID, S3StandIn, SECRET_ACCESS_KEY } from '../storage/s3/stand-in.ts';

const SEGMENTS_BUCKET = 'live-segments';
const TIMEOUT_MS = 170_000;

/** What makes a server use the stand-in, and look and try again more often than it would. */
export function liveEnv(s3: S3StandIn): Record<string, string> {
  return {
    MINIO_ENDPOINT: new URL(s3.config.endpoint!).host,
    MINIO_ACCESS_KEY: ACCESS_KEY_ID,
    MINIO_SECRET_KEY: SECRET_ACCESS_KEY,
    RECORDING_S3_REGION: s3.config.region,
    MONITOR_INTERVAL: '200ms',
    LIVE_RETRY_PAUSE: '100ms',
    LIVE_SETTLE_TIME: '1500ms',
    DISK_MIN_FREE: '1MiB',
    RECORDING_JOBS: '3',
  };
}

export interface StreamEventParts {
  readonly timestamp?: string;
  readonly playlist_url?: string;
  readonly user_id?: string;
}

export class LiveWorld {
  readonly server: TestServer;
  readonly s3: S3StandIn;
  readonly segments: BucketContents;
  readonly log: string[];
  /** With which events are signed. */
  readonly secret: string | undefined;

  static async open(env: Readonly<Record<string, string>> = {}): Promise<LiveWorld> {
    const s3 = await S3StandIn.create();
    const segments = s3.addBucket(SEGMENTS_BUCKET);
    const log: string[] = [];
    const server = await startTestServer({
      env: { ...liveEnv(s3), LOG_LEVEL: 'debug', ...env },
      onLogLine: (line) => log.push(line),
    });
    return new LiveWorld({ server, s3, segments, log, secret: env.WEBHOOK_SECRET });
  }

  private constructor(parts: Pick<LiveWorld, 'server' | 's3' | 'segments' | 'log' | 'secret'>) {
    this.server = parts.server;
    this.s3 = parts.s3;
    this.segments = parts.segments;
    this.log = parts.log;
    this.secret = parts.secret;
  }

  /** Where a recording is stored. */
  get stored(): BucketContents {
    return this.s3.contents;
  }

  newStream(key = `key-${newId()}`): LiveStream {
    return new LiveStream(this.segments, key);
  }

  async tell(event: 'stream.started' | 'stream.ended', stream: LiveStream, parts: StreamEventParts = {}) {
    const body = {
      event,
      stream_id: stream.id,
      stream_key: stream.key,
      user_id: 'ann',
      timestamp: new Date().toISOString(),
      ...parts,
    };
    return this.post(JSON.stringify(body));
  }

  async post(body: string, headers: Readonly<Record<string, string>> = this.sign(body)) {
    const response = await fetch(`${this.server.url}/webhook/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  sign(body: string, timestamp = String(Date.now())): Record<string, string> {
    if (this.secret === undefined) return {};
    return {
      'x-timestamp': timestamp,
      'x-signature': createHmac('sha256', this.secret).update(`${timestamp}.${body}`).digest('hex'),
    };
  }

  /** Those of a stream, by a service that may see all. */
  async recordingsOf({ id }: LiveStream): Promise<RecordingResource[]> {
    const response = await fetch(`${this.server.url}/recordings?kind=live&limit=100`, {
      headers: { authorization: `Bearer ${await this.server.token('stream-service', ['service'])}` },
    });
    const { recordings } = (await response.json()) as { recordings: RecordingResource[] };
    return recordings.filter(({ stream_id }) => stream_id === id);
  }

  async whenIt(
    stream: LiveStream,
    isWanted: (recording: RecordingResource) => boolean,
  ): Promise<RecordingResource> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = await this.recordingsOf(stream);
      const wanted = found.find(isWanted);
      if (wanted) return wanted;
      if (Date.now() > deadline)
        throw new Error(
          `${JSON.stringify(found)}\n${this.log
            .filter((line) => line.includes(found[0]?.id ?? 'none'))
            .slice(-12)
            .join('')}`,
        );
      await Bun.sleep(50);
    }
  }

  /** Resolves when it is over, well or not. */
  async whenDone(stream: LiveStream): Promise<RecordingResource> {
    return this.whenIt(stream, ({ status }) => status === 'completed' || status === 'failed');
  }

  /** The bytes that are stored of a recording that is completed. */
  bytesOf({ file_path }: RecordingResource): Buffer {
    return this.stored.get(file_path.replace(/^recordings\//, '')).bytes;
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.s3.close();
  }
}

/** What a stream puts into the bucket. */
export class LiveStream {
  readonly id = newId();
  readonly key: string;
  readonly #segments: BucketContents;

  constructor(segments: BucketContents, key: string) {
    this.key = key;
    this.#segments = segments;
  }

  put(name: string, bytes: Uint8Array | string, modifiedAt = new Date()): void {
    const key = `${this.key}/${name}`;
    const stored = this.#segments.put(key, {
      bytes: Buffer.from(bytes as Uint8Array),
      type: 'video/mp2t',
      sha256: undefined,
    });
    this.#segments.objects.set(key, { ...stored, modifiedAt });
  }

  putPlaylist(text: string, modifiedAt = new Date()): void {
    this.put('index.m3u8', text, modifiedAt);
  }

  remove(name: string): void {
    this.#segments.objects.delete(`${this.key}/${name}`);
  }
}

export interface LookedAt {
  readonly durationSeconds: number;
  /** In the order of their bytes. */
  readonly boxes: readonly string[];
  readonly streams: readonly { codec_type: string; width?: number; height?: number }[];
  readonly frames: number;
  /** What ffmpeg complains of while it decodes all of it. */
  readonly complaints: string;
}

/** Decodes a stored file from end to end. */
export async function lookAt(bytes: Buffer): Promise<LookedAt> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-live-look-'));
  try {
    const path = join(folder, 'recording.mp4');
    await writeFile(path, bytes);
    const probe = ['-v', 'error', '-count_packets', '-show_streams', '-show_format', '-of', 'json', path];
    const told = JSON.parse(await output(['ffprobe', ...probe]));
    const decoded = Bun.spawn(['ffmpeg', '-v', 'error', '-i', path, '-vsync', 'vfr', '-f', 'null', '-'], {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    });
    return {
      durationSeconds: Number(told.format.duration),
      boxes: boxesOf(bytes),
      streams: told.streams,
      frames: Number(
        told.streams.find((one: { codec_type: string }) => one.codec_type === 'video')?.nb_read_packets ?? 0,
      ),
      complaints: (await new Response(decoded.stderr).text()).trim(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function boxesOf(bytes: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    names.push(bytes.toString('latin1', at + 4, at + 8));
    const size = bytes.readUInt32BE(at);
    at += size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size === 0 ? bytes.length : size;
  }
  return names;
}

async function output(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  return new Response(child.stdout).text();
}
