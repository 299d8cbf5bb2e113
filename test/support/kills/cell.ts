/** One cell of the kill matrix: a call is recorded, something is killed at a moment of one of its phases, and what comes out is looked at. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingResource } from '../../../src/library/index.ts';
import { type Clip, FRAMERATE } from '../media/clip.ts';
import { flashesOf, readFrames } from '../media/read-media.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { createDataDir } from '../server.ts';
import { readProcesses, ServerProcess } from './server-process.ts';
import { SteadyPerson } from './steady-person.ts';

export const VICTIMS = ['ffmpeg', 'worker', 'server', 'postgres'] as const;
export const PHASES = ['starting', 'capturing', 'stopping', 'normalising', 'composing', 'storing'] as const;
export type Victim = (typeof VICTIMS)[number];
export type Phase = (typeof PHASES)[number];

export interface Cell {
  readonly victim: Victim;
  readonly phase: Phase;
  /** 0 to 1: where in the phase. */
  readonly moment: number;
}

export interface CellResult {
  /** What is wrong; empty when all is well. */
  readonly complaints: readonly string[];
  /** How many flashes were sent while nothing was killed, and how many of them are not in the file. */
  readonly flashes: { readonly expected: number; readonly missing: number };
  /** From the kill until the recording was completed, in seconds. */
  readonly completedAfterSeconds: number;
}

const CAPTURE_MS = 5_000;
const ROOM = 'killed';
const HOST = 'host';
const COMPLETION_TIMEOUT_MS = 90_000;
/** How long after a kill people may need to be back, and the first keyframe to come. */
const BACK_MS = 2_000;
/** What may be missing before a kill (SPEC 3.5), and a frame. */
const LOST_MS = 1_050;
/** From the start to the first frame (SPEC 3.5). */
const START_MS = 1_000;
const PLACE_TOLERANCE_MS = 120;
const WAIT_MS = {
  starting: 400,
  capturing: 2_500,
  stopping: 250,
  normalising: 150,
  composing: 300,
  storing: 40,
};

export async function runCell({ victim, phase, moment }: Cell, clip: Clip): Promise<CellResult> {
  const dataDir = await createDataDir();
  const postgres = victim === 'postgres' ? await startPostgres() : undefined;
  const firstPort = 42_000 + Math.floor(Math.random() * 900) * 2;
  const server = await ServerProcess.start({
    dataDir,
    env: {
      ...(postgres && { DATABASE_URL: postgres.url }),
      RECORDING_RESOLUTION: '320x180',
      RECORDING_PORT_RANGE: `${firstPort}-${firstPort + 39}`,
      DISK_MIN_FREE: '1MiB',
      CALL_EMPTY_TIMEOUT: '5s',
    },
  });
  const run = new CellRun({ server, postgres, clip, victim, delayMs: moment * WAIT_MS[phase] });
  try {
    return await run.run(phase, { firstPort, lastPort: firstPort + 39 });
  } finally {
    await run.close();
    await server.end('SIGKILL');
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface RunParts {
  readonly server: ServerProcess;
  readonly postgres: TestPostgres | undefined;
  readonly clip: Clip;
  readonly victim: Victim;
  readonly delayMs: number;
}

class CellRun {
  readonly #parts: RunParts;
  #person: SteadyPerson | undefined;
  #startedAtMs = 0;
  #stoppedAtMs = 0;
  /** When the stop was heard: one that is killed hears it when it is back. */
  #endedAtMs = 0;
  #killedAtMs = 0;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async run(phase: Phase, ports: PortSpan): Promise<CellResult> {
    const { server, clip } = this.#parts;
    await server.ask('POST', '/video-calls', HOST, { id: ROOM });
    this.#person = await SteadyPerson.create({
      url: () => server.url,
      token: await server.token(HOST),
      roomId: ROOM,
      clip,
      ssrc: 77_000,
    });
    const starting = this.#start();
    if (phase === 'starting') await this.#kill();
    await starting;
    if (phase === 'capturing') {
      await Bun.sleep(CAPTURE_MS / 2);
      await this.#kill();
    }
    await Bun.sleep(CAPTURE_MS);
    const stopping = this.#stop();
    if (phase === 'stopping') await this.#kill();
    if (phase === 'normalising' || phase === 'composing' || phase === 'storing') await this.#killIn(phase);
    await stopping;
    this.#endedAtMs = Date.now();
    const recordings = await this.#completed();
    const completedAfterSeconds = (Date.now() - this.#killedAtMs) / 1_000;
    await this.#person.close();
    const seen = await this.#look(recordings);
    return {
      ...seen,
      complaints: [...seen.complaints, ...(await this.#findLeftovers(recordings, ports))],
      completedAfterSeconds,
    };
  }

  async close(): Promise<void> {
    await this.#person?.close();
  }

  /** Asks until the call is recorded: an answer may be lost with who gives it. */
  async #start(): Promise<void> {
    const { server } = this.#parts;
    this.#startedAtMs = Date.now();
    for (;;) {
      const answer = await server
        .ask('POST', `/video-calls/${ROOM}/recording/start`, HOST)
        .catch(() => undefined);
      if (answer?.status === 201) return;
      if (answer?.status === 409 && answer.body.details?.recordingId) return;
      await Bun.sleep(100);
    }
  }

  /** Asks until nothing is recorded any more. */
  async #stop(): Promise<void> {
    const { server } = this.#parts;
    this.#stoppedAtMs = Date.now();
    for (;;) {
      const answer = await server
        .ask('POST', `/video-calls/${ROOM}/recording/stop`, HOST)
        .catch(() => undefined);
      if (answer?.status === 202) return;
      const list = await server.ask('GET', `/recordings?room_id=${ROOM}`, HOST).catch(() => undefined);
      const isRecording = list?.body.recordings?.some(
        ({ status }: { status: string }) => status === 'recording',
      );
      if (list?.status === 200 && isRecording === false) return;
      await Bun.sleep(100);
    }
  }

  /** Waits for the phase, which may be over before it is seen, and kills then. */
  async #killIn(phase: Phase): Promise<void> {
    const { server } = this.#parts;
    const order = [
      'waiting',
      'remuxing',
      'normalising',
      'composing',
      'mixing',
      'encoding',
      'thumbnails',
      'manifest',
      'storing',
    ];
    for (;;) {
      const { body } = await server.ask('GET', `/recordings?room_id=${ROOM}`, HOST);
      const [recording] = body.recordings;
      if (recording?.status === 'completed') break;
      if (recording?.status === 'processing' && order.indexOf(recording.phase) >= order.indexOf(phase)) break;
      await Bun.sleep(10);
    }
    await this.#kill();
  }

  async #kill(): Promise<void> {
    const { server, postgres, victim, delayMs } = this.#parts;
    await Bun.sleep(delayMs);
    this.#killedAtMs = Date.now();
    if (victim === 'server') {
      await server.end('SIGKILL');
      await server.restart();
    } else if (victim === 'postgres') await postgres?.crash(300);
    else {
      const pids = await server.children(victim === 'worker' ? 'mediasoup-worke' : 'ffmpeg');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    }
  }

  async #completed(): Promise<RecordingResource[]> {
    const { server } = this.#parts;
    const deadline = Date.now() + COMPLETION_TIMEOUT_MS;
    for (;;) {
      const answer = await server.ask('GET', `/recordings?room_id=${ROOM}`, HOST).catch(() => undefined);
      const recordings = answer?.body.recordings ?? [];
      const isOver = ({ status }: RecordingResource) => status === 'completed' || status === 'failed';
      if (recordings.length > 0 && recordings.every(isOver)) return recordings;
      if (Date.now() > deadline) {
        throw new Error(
          `not completed in time: ${JSON.stringify(recordings)}\n${server.log.slice(-20).join('\n')}`,
        );
      }
      await Bun.sleep(100);
    }
  }

  async #look(recordings: readonly RecordingResource[]): Promise<Pick<CellResult, 'complaints' | 'flashes'>> {
    const complaints: string[] = [];
    const found: number[] = [];
    for (const { id, status, failure_reason, started_at, duration } of recordings) {
      if (status !== 'completed') {
        complaints.push(`${id} ended ${status}: ${failure_reason}`);
        continue;
      }
      const path = join(this.#parts.server.dataDir, 'recordings/calls', id, 'recording.mp4');
      const errors = await decodeErrors(path);
      if (errors !== '') complaints.push(`${id} does not decode: ${errors}`);
      const startedAtMs = Date.parse(started_at);
      const [least, most] = [this.#stoppedAtMs - startedAtMs, this.#endedAtMs - startedAtMs];
      if (duration * 1_000 < least - 1_500 || duration * 1_000 > most + 1_500) {
        complaints.push(`${id} lasts ${duration} s, and ${least} to ${most} ms were recorded`);
      }
      found.push(...flashesOf(await readFrames(path)).map((at) => startedAtMs + at * 1_000));
    }
    const expected = this.#expectedFlashes();
    const missing = expected.filter((at) => !found.some((one) => Math.abs(one - at) < PLACE_TOLERANCE_MS));
    if (missing.length > 0) {
      const seconds = (at: number) => ((at - this.#startedAtMs) / 1_000).toFixed(2);
      complaints.push(
        `flashes are missing at ${missing.map(seconds)} s; killed at ${seconds(this.#killedAtMs)}, flowing again since ${seconds(this.#person?.flowingSinceMs ?? 0)}, found ${found.map(seconds)}`,
      );
    }
    return { complaints, flashes: { expected: expected.length, missing: missing.length } };
  }

  /** When something flashed that nothing excuses from being in the file, in milliseconds since 1970. */
  #expectedFlashes(): number[] {
    const back = Math.max(this.#person?.flowingSinceMs ?? 0, this.#killedAtMs) + BACK_MS;
    const last = this.#stoppedAtMs - 3_000 / FRAMERATE - PLACE_TOLERANCE_MS;
    return (this.#person?.flashes ?? [])
      .filter((at) => at > this.#startedAtMs + START_MS && at < last)
      .filter((at) => at < this.#killedAtMs - LOST_MS || at > back);
  }

  async #findLeftovers(recordings: readonly RecordingResource[], ports: PortSpan): Promise<string[]> {
    const { server } = this.#parts;
    const complaints: string[] = [];
    await mkdir(join(server.dataDir, 'capture'), { recursive: true });
    const deadline = Date.now() + 5_000;
    for (;;) {
      const processes = await readProcesses();
      const readers = processes.filter(
        ({ name, command, folder }) => name === 'ffmpeg' && `${command} ${folder}`.includes(server.dataDir),
      );
      const captured = (await readdir(join(server.dataDir, 'capture'))).filter(
        (name) => !name.startsWith('.'),
      );
      const bound = await boundPorts(ports);
      if (readers.length + captured.length + bound.length === 0) break;
      if (Date.now() > deadline) {
        complaints.push(`left over: ${readers.length} ffmpeg, folders ${captured}, ports ${bound}`);
        break;
      }
      await Bun.sleep(50);
    }
    const stored = await readdir(join(server.dataDir, 'recordings'), {
      recursive: true,
      withFileTypes: true,
    });
    const names = stored.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const expected = recordings.flatMap(({ files }) => files).length;
    if (names.length !== expected)
      complaints.push(`${names.length} files are stored, and ${expected} have rows`);
    return complaints;
  }
}

interface PortSpan {
  readonly firstPort: number;
  readonly lastPort: number;
}

async function boundPorts({ firstPort, lastPort }: PortSpan): Promise<number[]> {
  const table = await Bun.file('/proc/net/udp').text();
  const ports = [...table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)].map(([, port = '0']) =>
    Number.parseInt(port, 16),
  );
  return ports.filter((port) => port >= firstPort && port <= lastPort);
}

async function decodeErrors(path: string): Promise<string> {
  const child = Bun.spawn(['ffmpeg', '-v', 'error', '-i', path, '-f', 'null', '-'], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  return (await new Response(child.stderr).text()).trim();
}
