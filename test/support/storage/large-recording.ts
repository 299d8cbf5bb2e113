/** A recording that was captured and made into files, and is not stored yet: its main file takes several parts. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../../src/lib/index.ts';
import { createLogger } from '../../../src/observability/index.ts';
import { finishRecording } from '../../../src/recording/finish/index.ts';
import { RecordingFolder } from '../media/recording-folder.ts';
import { sha256Of } from './world.ts';

const SECONDS = 1;
/** Nothing of noise can be left out, so that so many bits are used. */
const BITRATE = 90_000_000;

export class LargeRecording {
  readonly id: string;
  readonly names: readonly string[];
  readonly mainName: string;
  readonly size: number;
  /** Of the main file, as hex. */
  readonly sha256: string;
  readonly #folder: RecordingFolder;

  /** Of `owner`. */
  static async create(owner: string): Promise<LargeRecording> {
    const recordingId = newId();
    const video = { codec: 'h264', bitrate: BITRATE, width: 640, height: 360, framerate: 30 } as const;
    const folder = await RecordingFolder.create({
      recordingId,
      callId: newId(),
      startedBy: owner,
      video,
      layout: 'tracks-only',
    });
    const noise = join(folder.path, '..', `${recordingId}.mkv`);
    try {
      await makeNoise(noise);
      const trackId = folder.published(0, 'bob', 'camera');
      await folder.segment({ trackId, fromMs: 0, seconds: SECONDS, file: noise });
      await folder.close(SECONDS * 1_000);
      const { files } = await finishRecording(folder.path, {
        signal: new AbortController().signal,
        onProgress: () => {},
        logger: createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' }),
      });
      const main = files.find(({ kind }) => kind === 'track')!;
      const sha256 = await sha256Of(Bun.file(main.path).stream());
      const names = files.map(({ name }) => name);
      return new LargeRecording(folder, {
        id: recordingId,
        names,
        mainName: main.name,
        size: main.size,
        sha256,
      });
    } finally {
      await rm(noise, { force: true });
    }
  }

  private constructor(
    folder: RecordingFolder,
    facts: Pick<LargeRecording, 'id' | 'names' | 'mainName' | 'size' | 'sha256'>,
  ) {
    this.#folder = folder;
    this.id = facts.id;
    this.names = facts.names;
    this.mainName = facts.mainName;
    this.size = facts.size;
    this.sha256 = facts.sha256;
  }

  /** A server that starts there finds it. */
  async putInto(dataDir: string): Promise<void> {
    await mkdir(join(dataDir, 'capture'), { recursive: true });
    await cp(this.#folder.path, join(dataDir, 'capture', this.id), { recursive: true });
  }

  close(): Promise<void> {
    return this.#folder.remove();
  }
}

async function makeNoise(path: string): Promise<void> {
  const source = `color=c=gray:s=640x360:r=30:d=${SECONDS},noise=alls=100:allf=t`;
  const codec = [
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    String(BITRATE),
    '-g',
    '30',
  ];
  const args = ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, '-f', 'matroska', path];
  const child = Bun.spawn(['ffmpeg', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  if ((await child.exited) !== 0) throw new Error('ffmpeg could not make noise');
}
