/** `relay`: what it costs to bring the frames of one source to many operators, against a bare loop of `ws.send`. */
import { UndoStack } from '../src/lib/index.ts';
import { RawWebSocket } from '../test/support/raw-websocket.ts';
import { createSession, type TestSession } from '../test/support/streams/session.ts';
import {
  type Benchmark,
  type BenchmarkOptions,
  comparison,
  type Result,
  type Row,
  reading,
} from './benchmark.ts';
import { interleave, type Side } from './measure/interleave.ts';
import { readCpuMs, readResidentBytes, readThreadTimes } from './measure/process-stat.ts';
import type { Child } from './processes/child.ts';
import { type KaaProcess, startKaa } from './processes/kaa.ts';
import type { AudienceMethods } from './relay/audience.ts';
import { type BareRelay, startAudience, startBareRelay } from './relay/processes.ts';

interface Scale {
  readonly operators: number;
  readonly crowd: number;
  readonly frames: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly warmUpRounds: number;
  readonly idleSessions: number;
  /** For how long the processes are watched while nothing is sent. */
  readonly idleSeconds: number;
  /** While one reads nothing: frames of `slowBytes`, one every `slowPauseMs`. */
  readonly slowFrames: number;
  readonly slowRounds: number;
}

const FULL: Scale = {
  operators: 50,
  crowd: 200,
  frames: 300,
  bytes: 64 * 1024,
  rounds: 10,
  warmUpRounds: 2,
  idleSessions: 1_000,
  idleSeconds: 5,
  slowFrames: 300,
  slowRounds: 6,
};
const SMOKE: Scale = {
  operators: 3,
  crowd: 5,
  frames: 4,
  bytes: 64 * 1024,
  rounds: 1,
  warmUpRounds: 0,
  idleSessions: 4,
  idleSeconds: 0.1,
  slowFrames: 10,
  slowRounds: 1,
};

const TARGET = 1.15;
const WINDOW = 4;
const MIB = 1024 ** 2;
const KIB = 1024;
const SLOW = { operators: 10, bytes: 256 * KIB, pauseMs: 10 };
const SETTLE_MS = 300;
const WATCH_MS = 50;

interface Parts {
  readonly kaa: KaaProcess;
  readonly bare: BareRelay;
  readonly audience: Child<AudienceMethods>;
  readonly scale: Scale;
  readonly report: BenchmarkOptions['report'];
}

export const relay: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => undefined,
  run: async ({ isSmoke, report }) => {
    const undo = new UndoStack();
    try {
      const kaa = undo.add(await startKaa({ WS_SLOW_LIMIT: '40MiB' }), (made) => made.close());
      const bare = undo.add(await startBareRelay(), (made) => made.close());
      const audience = undo.add(startAudience(), (made) => made.close());
      return await measure({ kaa, bare, audience, scale: isSmoke ? SMOKE : FULL, report });
    } finally {
      await undo.unwind();
    }
  },
};

async function measure(parts: Parts): Promise<Result> {
  const { scale, audience } = parts;
  const few = await compare(parts, scale.operators);
  const many = await compare(parts, scale.crowd);
  const slow = await readNothing(parts);
  const idle = await weighIdle(parts);
  await audience.call('leave', null);
  return {
    rows: [...few.rows, ...many.rows, ...slow, ...idle],
    counts: {
      operators: scale.operators,
      crowd: scale.crowd,
      framesKaa: few.framesKaa + many.framesKaa,
      framesBare: few.framesBare + many.framesBare,
      idleSessions: scale.idleSessions,
    },
  };
}

/** Both sides in turn, each with sockets of its own. */
async function compare(parts: Parts, operators: number) {
  const { scale, report } = parts;
  // As many messages, however many there are to get them.
  const frames = Math.ceil((scale.frames * scale.operators) / operators);
  const load = { frames, bytes: scale.bytes, window: WINDOW, pauseMs: 0 };
  const arrived = { kaa: 0, bare: 0 };
  // A whole server has its clocks and queues beside: what it costs without the relay does not grow with a slow machine.
  const idle = {
    kaa: await idleMsPerSecond(parts.kaa.pid, scale),
    bare: await idleMsPerSecond(parts.bare.pid, scale),
  };
  const measureSide = async (side: Side) => {
    await connect(parts, side, operators);
    const pid = side === 'kaa' ? parts.kaa.pid : parts.bare.pid;
    const startedAt = performance.now();
    const before = await totalMs(pid);
    const delivered = await parts.audience.call('send', load);
    await Bun.sleep(SETTLE_MS);
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpuMs = (await totalMs(pid)) - before - idle[side] * seconds;
    arrived[side] += delivered.frames;
    report(`${side}, ${operators}: ${(cpuMs / (delivered.bytes / MIB)).toFixed(4)} ms a MiB`);
    return { cpu: cpuMs / (delivered.bytes / MIB), rate: delivered.bytes / MIB / delivered.seconds };
  };
  await interleave(scale.warmUpRounds, measureSide);
  const rounds = await interleave(scale.rounds, measureSide);
  const pick = (key: 'cpu' | 'rate') => rounds.map(({ kaa, bare }) => ({ kaa: kaa[key], bare: bare[key] }));
  const rows: Row[] = [
    comparison(
      { name: `CPU per delivered MiB, ${operators} operators`, unit: 'ms', atMost: TARGET },
      pick('cpu'),
    ),
    comparison({ name: `delivered, ${operators} operators`, unit: 'MiB/s' }, pick('rate')),
  ];
  return { rows, framesKaa: arrived.kaa, framesBare: arrived.bare };
}

async function connect({ kaa, bare, audience }: Parts, side: Side, operators: number) {
  if (side === 'bare') {
    const places = { source: `${bare.url}/source`, operators: Array(operators).fill(`${bare.url}/operator`) };
    await audience.call('connect', places);
    return undefined;
  }
  const session = await createSession(kaa);
  const urls = await Promise.all(
    Array.from({ length: operators }, (_, index) => operatorUrl(kaa, session, `o-${index}`)),
  );
  await audience.call('connect', { source: session.sourceUrl, operators: urls });
  return session;
}

async function operatorUrl(kaa: KaaProcess, session: TestSession, userId: string): Promise<string> {
  return `${session.operatorUrl(userId)}?token=${await kaa.token(userId)}`;
}

/** The others' delay with one who reads nothing and without, in turns; and the memory that this one takes at most. */
async function readNothing(parts: Parts): Promise<Row[]> {
  const { kaa, audience, scale, report } = parts;
  const session = await connect(parts, 'kaa', SLOW.operators);
  if (!session) throw new Error('there is no session');
  const { pathname } = new URL(session.operatorUrl('slow'));
  const load = { frames: scale.slowFrames, bytes: SLOW.bytes, window: 1, pauseMs: SLOW.pauseMs };
  const withSlow = async <T>(act: () => Promise<T>): Promise<T> => {
    const slow = await RawWebSocket.connect(kaa.url, await kaa.token('slow'), () => {}, pathname);
    slow.stopReading();
    const result = await act();
    await slow.cut();
    return result;
  };
  /** In rounds of its own: to look at the memory of a process holds it up. */
  const growth = async () => {
    const before = await readResidentBytes(kaa.pid);
    let most = before;
    const watch = setInterval(async () => {
      most = Math.max(most, await readResidentBytes(kaa.pid));
    }, WATCH_MS);
    await audience.call('send', load).finally(() => clearInterval(watch));
    return (most - before) / MIB;
  };
  const send = () => audience.call('send', load);
  await send();
  const rounds = await interleave(scale.slowRounds, async (side) => {
    const delays = side === 'kaa' ? await withSlow(send) : await send();
    report(
      `${side === 'kaa' ? 'with one that reads nothing' : 'without'}: p99 ${delays.p99Ms.toFixed(1)} ms`,
    );
    return delays;
  });
  const memory = [await withSlow(growth), await withSlow(growth)];
  const pick = (key: 'p99Ms' | 'medianMs') =>
    rounds.map(({ kaa: during, bare: without }) => ({ kaa: during[key], bare: without[key] }));
  return [
    comparison(
      { name: 'delay p99, with one that reads nothing against without', unit: 'ms', atMost: 2 },
      pick('p99Ms'),
    ),
    comparison(
      { name: 'delay median, with one that reads nothing against without', unit: 'ms' },
      pick('medianMs'),
    ),
    reading({ name: 'memory that one who reads nothing takes at most', unit: 'MiB' }, memory),
  ];
}

/** A source and an operator each, who are silent. */
async function weighIdle({ kaa, audience, scale, report }: Parts): Promise<Row[]> {
  await audience.call('leave', null);
  const sessions: TestSession[] = [];
  for (let index = 0; index < scale.idleSessions; index += 1)
    sessions.push(await createSession(kaa, `c-${index}`));
  await Bun.sleep(SETTLE_MS);
  const before = await kaa.probe.call('footprint', null);
  for (const session of sessions) {
    await audience.call('idle', [session.sourceUrl, await operatorUrl(kaa, session, 'watcher')]);
  }
  await Bun.sleep(SETTLE_MS);
  const after = await kaa.probe.call('footprint', null);
  const sockets = 2 * scale.idleSessions;
  const perSocket = (key: 'heapBytes' | 'residentBytes') => (after[key] - before[key]) / sockets / KIB;
  report(`${sockets} idle sockets: ${perSocket('heapBytes').toFixed(1)} KiB of heap each`);
  return [
    reading({ name: 'an idle socket of a session, server heap', unit: 'KiB' }, [perSocket('heapBytes')]),
    reading({ name: 'an idle socket of a session, server process', unit: 'KiB' }, [
      perSocket('residentBytes'),
    ]),
  ];
}

async function idleMsPerSecond(pid: number, { idleSeconds }: Scale): Promise<number> {
  const before = await totalMs(pid);
  await Bun.sleep(idleSeconds * 1_000);
  return ((await totalMs(pid)) - before) / idleSeconds;
}

/** All threads but that of the embedded database: compiling and collecting count. */
async function totalMs(pid: number): Promise<number> {
  const [all, { workers }] = await Promise.all([readCpuMs(pid), readThreadTimes(pid)]);
  return all - workers;
}
