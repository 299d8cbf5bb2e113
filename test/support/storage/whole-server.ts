/** What a whole server does with recordings in a storage elsewhere: each of these is run against one that fails on demand. */
import { expect } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Retention } from '../../../src/library/index.ts';
import { createLogger } from '../../../src/observability/index.ts';
import { linkOriginOf } from '../../../src/storage/index.ts';
import { ServerProcess } from '../kills/server-process.ts';
import type { Clip } from '../media/clip.ts';
import { RecordingScene } from '../recording-scene.ts';
import { createDataDir, startTestServer } from '../server.ts';
import { until } from '../until.ts';
import { filesHolding, readRows } from './find-secrets.ts';
import type { LargeRecording } from './large-recording.ts';
import { STAND_IN_WORLDS, type StandInName } from './stand-in-worlds.ts';
import { storageEnv } from './storage-env.ts';
import { openStorage, type StandInWorld, sha256Of } from './world.ts';

const DAY_MS = 86_400_000;
const ENV = { CALL_EMPTY_TIMEOUT: '1s', DISK_MIN_FREE: '1MiB', RECORDING_RESOLUTION: '320x180' };
/** The server in it gives up on a request soon. */
const IMPATIENT = { RECORDING_STORAGE_TIMEOUT: '500ms' };

export interface ServerCaseDeps {
  readonly clip: Clip;
  readonly large: LargeRecording;
}

interface ServerCaseSubject extends ServerCaseDeps {
  readonly world: StandInWorld;
  /** Closed after the case, the last one first. */
  opened(close: () => Promise<unknown>): void;
}

export interface ServerCase {
  readonly title: string;
  run(subject: ServerCaseSubject): Promise<void>;
}

export async function runServerCase(
  { run }: ServerCase,
  provider: StandInName,
  deps: ServerCaseDeps,
): Promise<void> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const world = await STAND_IN_WORLDS[provider]();
    closing.push(() => world.close());
    await run({ ...deps, world, opened: (close) => void closing.push(close) });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

export const KEPT: ServerCase = {
  title: 'a recorded call is kept there, plays by ranges, and goes with its deletion or its age',
  async run({ world, opened, clip }) {
    const log: string[] = [];
    const env = { ...ENV, LOG_LEVEL: 'debug', ...storageEnv(world.config) };
    const server = await startTestServer({ env, onLogLine: (line) => log.push(line) });
    opened(() => server.close());
    const scene = await RecordingScene.create(server, { recordingLayout: 'grid' });
    opened(() => scene.close());
    await scene.feedBob(clip);
    const id = await scene.start();
    await Bun.sleep(2_000);
    await scene.stop();
    const { files } = await scene.whenCompleted(id);
    expect(await keysOf(world, id)).toEqual(files.map(({ name }) => name).toSorted());
    expect(await world.strays('')).toEqual([]);
    expect(await readdir(join(server.dataDir, 'capture'))).toEqual(['.trash']);

    const { size } = files.find(({ name }) => name === 'recording.mp4')!;
    const { body: link } = await scene.ask('POST', `/recordings/${id}/link`);
    const url = `${server.url}/recordings/${id}/files/recording.mp4?token=${link.token}`;
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(part.headers.get('content-range')).toBe(`bytes 4-7/${size}`);
    const end = await fetch(url, { headers: { range: `bytes=${size - 3}-` } });
    expect((await end.arrayBuffer()).byteLength).toBe(3);
    const whole = await fetch(`${url}&download`);
    expect(whole.headers.get('content-disposition')).toContain('recording.mp4');
    expect((await whole.arrayBuffer()).byteLength).toBe(size);
    // A page may be led there, and nowhere else.
    const origin = linkOriginOf(world.config);
    const first = await fetch(url, { redirect: 'manual' });
    const location = first.headers.get('location');
    expect(location === null ? undefined : new URL(location).origin).toBe(origin);
    await first.body?.cancel();
    const policy = (await fetch(server.url)).headers.get('content-security-policy');
    if (origin !== undefined) expect(policy).toContain(`mediastream: ${origin};`);

    await scene.feed('carol').publish('microphone', clip);
    const old = await scene.start({ layout: 'audio-only' });
    await Bun.sleep(1_500);
    await scene.stop();
    await scene.whenCompleted(old);
    expect((await scene.ask('DELETE', `/recordings/${id}`)).status).toBe(204);
    expect(await keysOf(world, id)).toEqual([]);
    expect(await keysOf(world, old)).not.toEqual([]);
    const { library, recordingRepository } = server.app.calls;
    const retention = new Retention({
      repository: recordingRepository,
      remove: (one) => library.discard(one),
      days: 1,
      logger: createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' }),
    });
    expect(await retention.look(new Date(Date.now() + DAY_MS - 60_000))).toEqual([]);
    expect(await retention.look(new Date(Date.now() + DAY_MS + 60_000))).toEqual([old]);
    expect(await keysOf(world, old)).toEqual([]);
    expect((await scene.ask('GET', `/recordings/${old}`)).status).toBe(404);
    for (const secret of world.elsewhere.secrets) expect(log.join('\n')).not.toContain(secret);
  },
};

export const REFUSED: ServerCase = {
  title:
    'what it refuses has failed in the end, for a reason that names it and no secret, and is begun again when it is mended',
  async run({ world, opened, large }) {
    const log: string[] = [];
    const dataDir = await createDataDir();
    opened(() => Bun.$`rm -rf ${dataDir}`.quiet());
    await large.putInto(dataDir);
    const start = (config: StandInWorld['config']) =>
      startTestServer({
        dataDir,
        env: { ...ENV, LOG_LEVEL: 'debug', RECORDING_RETRY_FOR: '1s', ...storageEnv(config) },
        onLogLine: (line) => log.push(line),
      });
    const refused = await start(world.elsewhere.wrongCredentials);
    opened(() => refused.close());
    const operator = await RecordingScene.create(refused);
    const reason = expect.stringMatching(/^The storage of recordings fails: .*credentials/);
    const waiting = await operator.whenIt(large.id, ({ failure_reason }) => failure_reason !== null);
    expect(waiting).toMatchObject({ status: 'processing', phase: 'waiting', failure_reason: reason });
    // Who has mended it need not wait.
    const again = await operator.ask('POST', `/recordings/${large.id}/retry`);
    expect(again).toMatchObject({ status: 202, body: { status: 'processing', failure_reason: null } });
    await operator.whenIt(large.id, ({ status }) => status === 'failed');
    const { body } = await operator.ask('GET', '/recordings?status=failed');
    expect(body.recordings).toMatchObject([{ id: large.id, failure_reason: reason }]);
    const ready = await fetch(`${refused.url}/ready`);
    expect([ready.status, (await ready.json()).checks.storage]).toEqual([503, reason]);
    const told = [JSON.stringify([waiting, body]), await (await fetch(`${refused.url}/ready`)).text()];
    expect(log.filter((line) => line.includes('"isGivenUp":true'))).toHaveLength(1);
    expect(log.join('\n')).toContain('"fault":"destination"');
    await operator.close();
    await refused.close();

    const rows = await readRows(dataDir);
    expect(rows.join('\n')).toContain(large.id);
    const { secrets } = world.elsewhere;
    expect(await filesHolding(dataDir, secrets)).toEqual([]);
    for (const secret of secrets) expect([...told, ...rows, ...log].join('\n')).not.toContain(secret);

    const mended = await start(world.config);
    opened(() => mended.close());
    const scene = await RecordingScene.create(mended);
    opened(() => scene.close());
    expect((await scene.ask('POST', `/recordings/${large.id}/retry`)).status).toBe(202);
    await scene.whenCompleted(large.id);
    expect(await keysOf(world, large.id)).toEqual([...large.names].toSorted());
    expect((await scene.ask('POST', `/recordings/${large.id}/retry`)).status).toBe(409);
  },
};

export const KILLED: ServerCase = {
  title:
    'down in the middle of an upload it costs time alone, and a server killed there leaves one whole object and no part',
  async run({ world, opened, large }) {
    const { faults } = world.elsewhere.standIn;
    const dataDir = await createDataDir();
    opened(() => Bun.$`rm -rf ${dataDir}`.quiet());
    await large.putInto(dataDir);
    faults.add({ fault: 'hang', on: 'upload', times: 1_000, after: 1 });
    const server = await ServerProcess.start({
      dataDir,
      env: { ...ENV, ...IMPATIENT, ...storageEnv(world.config) },
    });
    opened(() => server.end('SIGKILL'));
    const read = async () => (await server.ask('GET', `/recordings/${large.id}`, 'ann')).body;
    const whenIt = async (isWanted: (recording: Awaited<ReturnType<typeof read>>) => boolean) => {
      for (;;) {
        const recording = await read();
        if (isWanted(recording)) return recording;
        await Bun.sleep(50);
      }
    };
    const { status, failure_reason } = await whenIt((recording) => Boolean(recording.failure_reason));
    expect(status).toBe('processing');
    expect(failure_reason).toContain('it does not answer in time');
    expect(await keysOf(world, large.id)).toEqual([]);
    expect(await world.strays(`calls/${large.id}/`)).toHaveLength(1);
    const happened = faults.happened;
    await until('the next attempt hangs', () => faults.happened > happened);
    await server.end('SIGKILL');
    faults.clear();
    await server.restart();
    await whenIt((recording) => recording.status === 'completed');
    expect(await keysOf(world, large.id)).toEqual([...large.names].toSorted());
    expect(await world.strays('')).toEqual([]);
    const storage = await openStorage(world);
    opened(() => storage.close());
    const bytes = await storage.get(`calls/${large.id}/${large.mainName}`);
    expect(await sha256Of(bytes)).toBe(large.sha256);
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([]);
    expect((await readdir(join(dataDir, 'capture'))).filter((name) => !name.startsWith('.'))).toEqual([]);
  },
};

async function keysOf(world: StandInWorld, recordingId: string): Promise<string[]> {
  const storage = await openStorage(world);
  const { objects } = await storage.list(`calls/${recordingId}/`);
  await storage.close();
  return objects.map(({ key }) => key.slice(`calls/${recordingId}/`.length)).toSorted();
}
