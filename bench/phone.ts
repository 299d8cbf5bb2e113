/** `phone`: many phone calls at once, both ends talking: what a leg costs, and how punctually its frames leave. */
import { join } from 'node:path';
import { newId, UndoStack } from '../src/lib/index.ts';
import { Ticker } from '../src/voip/index.ts';
import { PhoneClient } from '../test/support/phone/client.ts';
import { Listener } from '../test/support/phone/listener.ts';
import { secondOfTone } from '../test/support/phone/tone.ts';
import { startTestServer, type TestServer } from '../test/support/server.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { readCpuMs, readTotalCpuMs } from './measure/process-stat.ts';
import type { ClockMethods } from './phone/clock.ts';
import { Child } from './processes/child.ts';

interface Scale {
  readonly legs: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Nobody answers the offers of the callers, and 30 s later such calls end: all of it is over before. */
const FULL: Scale = { legs: 50, rounds: 5, roundMs: 3_000 };
const SMOKE: Scale = { legs: 3, rounds: 2, roundMs: 500 };

export const phone: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => undefined,
  run: async (options) => {
    const undo = new UndoStack();
    try {
      return await measure(undo, options.isSmoke ? SMOKE : FULL, options);
    } finally {
      await undo.unwind();
    }
  },
};

/** Of a while: milliseconds of processor time in a second, and how many frames were due and left too late. */
interface Round {
  readonly server: number;
  readonly workers: number;
  readonly ticks: number;
  readonly late: number;
  /** The same of a clock that has nothing to do. */
  readonly bareTicks: number;
  readonly bareLate: number;
}

async function measure(undo: UndoStack, scale: Scale, { report }: BenchmarkOptions): Promise<Result> {
  const server = undo.add(await startTestServer({ env: { VOIP_MAX_CALLS: String(scale.legs) } }), (made) =>
    made.close(),
  );
  const clock = undo.add(startClock(), (made) => made.close());
  const look = () => measureRound({ server, clock }, scale.roundMs);
  const idle = await look();
  const listeners = await Promise.all(Array.from({ length: scale.legs }, () => call(server)));
  const frames = secondOfTone(1_000);
  let next = 0;
  const mouths = new Ticker((error) => report(`nobody could speak: ${error}`));
  const stopSpeaking = mouths.add(() => {
    const frame = frames[next % frames.length];
    next += 1;
    if (frame) for (const { listener } of listeners) listener.say(frame);
  });
  undo.add(stopSpeaking, (stop) => stop());
  // The far ends have played their tones by then, and say again what they hear.
  await Promise.all(listeners.map(({ listener, farEnd }) => listener.hear(farEnd, 120)));
  const rounds: Round[] = [];
  for (let index = 0; index < scale.rounds; index += 1) rounds.push(await look());
  const legs = server.app.phone.live.size;
  if (legs < scale.legs)
    throw new Error(`${scale.legs - legs} calls ended too early: the machine is too busy`);
  const sum = (key: keyof Round) => rounds.reduce((total, round) => total + round[key], 0);
  const shares = rounds.map(({ ticks, late, bareTicks, bareLate }) => ({
    kaa: (100 * late) / Math.max(1, ticks),
    bare: (100 * bareLate) / Math.max(1, bareTicks),
  }));
  const costOf = (key: 'server' | 'workers') => rounds.map((round) => (round[key] - idle[key]) / legs);
  report(
    `${sum('late')} of ${sum('ticks')} times the frames of ${legs} legs were over 20 ms late, ${sum('bareLate')} times a clock with nothing to do`,
  );
  return {
    rows: [
      reading({ name: 'CPU of a leg, server process', unit: 'ms/s' }, costOf('server')),
      reading({ name: 'CPU of a leg, media worker', unit: 'ms/s' }, costOf('workers')),
      comparison({ name: 'frames that leave over 20 ms late', unit: '%' }, shares),
    ],
    counts: {
      legs,
      frames: legs * sum('ticks'),
      late: legs * sum('late'),
      bareTicks: sum('bareTicks'),
      bareLate: sum('bareLate'),
    },
  };
}

function startClock(): Child<ClockMethods> {
  return Child.start<ClockMethods>({
    command: [process.execPath, join(import.meta.dir, 'phone/clock.ts')],
    cwd: join(import.meta.dir, '..'),
    env: {},
    onLine: (line) => console.error(line),
  });
}

/** One that was answered, with somebody in it who speaks as its caller. */
async function call(server: TestServer): Promise<{ listener: Listener; farEnd: string }> {
  const caller = await PhoneClient.create(server, newId());
  const { body } = await caller.dial('+12015550123');
  await caller.eventsUntil(body.call_id, 'active');
  const live = server.app.phone.live.get(body.call_id);
  if (!live) throw new Error('a call has ended already');
  const listener = await Listener.join(live.call, 'microphone');
  return { listener, farEnd: live.phone.participant.userId };
}

async function measureRound(
  { server: { app }, clock }: { server: TestServer; clock: Child<ClockMethods> },
  roundMs: number,
): Promise<Round> {
  const read = async () => ({
    server: await readCpuMs(process.pid),
    workers: await readTotalCpuMs(app.calls.media.workerPids),
    ...app.phone.ticker.punctuality,
    bare: await clock.call('read', null),
    at: performance.now(),
  });
  const before = await read();
  await Bun.sleep(roundMs);
  const after = await read();
  const seconds = (after.at - before.at) / 1_000;
  return {
    server: (after.server - before.server) / seconds,
    workers: (after.workers - before.workers) / seconds,
    ticks: after.ticks - before.ticks,
    late: after.late - before.late,
    bareTicks: after.bare.ticks - before.bare.ticks,
    bareLate: after.bare.late - before.bare.late,
  };
}
