/** Fuzzes the signalling socket: whatever clients send, each message is answered by the book and nothing is left behind. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { CloseCode } from '../../../src/protocol/index.ts';
import { startTestServer, type TestServer } from '../server.ts';
import type { FuzzBudget } from './budget.ts';
import { measureFootprint } from './footprint.ts';
import type { FuzzTally } from './fuzz-client.ts';
import { runScript, type ScriptSetting } from './run-script.ts';
import { scripts } from './script.ts';

const STEPS = 120;
/**
 * What may be more after the fuzz than after its first tenth; a leak of 1 KiB a message would be 18 MiB in the short form. What
 * is resident rises and falls with the garbage of server and clients alike, by hundreds of MiB over minutes: the bound is there
 * for what never falls.
 */
const ALLOWED_GROWTH = { heapMiB: 16, residentMiB: 640, workersMiB: 32 };

/** So that the guards against floods do not eat the fuzz. */
const NO_FLOOD_LIMITS = { SIGNALING_MESSAGES_PER_SECOND: '100000', SIGNALING_MESSAGE_BURST: '100000' };

let open: TestServer;
/** With the limits that people get. */
let guarded: TestServer;
const complaints: string[] = [];

/** Declares the suite, in the short form or the long one. */
export function fuzzSignaling({ seed, messages, timeoutMs }: FuzzBudget): void {
  beforeAll(async () => {
    const start = (env: Readonly<Record<string, string>>) =>
      startTestServer({
        env: { CALL_EMPTY_TIMEOUT: '200ms', RECONNECT_GRACE: '1s', LOG_LEVEL: 'error', ...env },
        onLogLine: (line) => complaints.push(line.slice(0, 2_000)),
      });
    [open, guarded] = [await start(NO_FLOOD_LIMITS), await start({})];
  }, 60_000);

  afterAll(async () => {
    await open?.close();
    await guarded?.close();
  });

  test(
    `${messages} messages of every kind (seed ${seed})`,
    async () => {
      const { media } = open.app.calls;
      const workers = media.workerPids;
      const tally = newTally();
      await fuzz(messages / 10, seed, { server: open, tally });
      await isQuiet(open);
      const before = await measureFootprint(workers);

      await fuzz((messages * 9) / 10, seed + 1_000_000, { server: open, tally });
      await isQuiet(open);
      const after = await measureFootprint(workers);

      console.log({ seed, ...tally, before, after });
      expect(complaints).toEqual([]);
      expect(media.workerPids).toEqual(workers);
      expect(await media.dump()).toEqual({ routers: 0, transports: 0 });
      expect(await countActiveRows(open)).toBe(0);
      for (const [what, allowed] of Object.entries(ALLOWED_GROWTH) as [keyof typeof before, number][]) {
        expect({ what, growth: after[what] - before[what] }).toSatisfy(({ growth }) => growth < allowed);
      }
    },
    timeoutMs,
  );

  test(
    `${messages / 10} messages under the limits that people get (seed ${seed})`,
    async () => {
      const { media } = guarded.app.calls;
      const tally = newTally();
      await fuzz(messages / 10, seed + 2_000_000, {
        server: guarded,
        tally,
        allowedCloses: [CloseCode.flooding],
      });
      await isQuiet(guarded);
      console.log({ seed, ...tally });
      expect(complaints).toEqual([]);
      expect(await media.dump()).toEqual({ routers: 0, transports: 0 });
      expect(await countActiveRows(guarded)).toBe(0);
    },
    timeoutMs,
  );
}

/** Resolves when every participant is gone and every call has ended by itself. */
async function isQuiet(server: TestServer): Promise<void> {
  const { registry, hub } = server.app.calls;
  const deadline = Date.now() + 15_000;
  while ((registry.size > 0 || hub.size > 0) && Date.now() < deadline) await Bun.sleep(50);
  expect({ calls: registry.size, sessions: hub.size }).toEqual({ calls: 0, sessions: 0 });
}

/** Calls that the database takes for alive. */
async function countActiveRows(server: TestServer): Promise<number> {
  const response = await fetch(`${server.url}/video-calls?status=active`, {
    headers: { authorization: `Bearer ${await server.token('root', ['admin'])}` },
  });
  const body = (await response.json()) as { pagination?: { total: number } };
  if (!body.pagination) {
    throw new Error(`the calls cannot be listed: ${response.status} ${JSON.stringify(body)}`);
  }
  return body.pagination.total;
}

/** Runs scripts until so many messages were sent; tells the first failure with what was sent and the seed that repeats it. */
async function fuzz(count: number, startSeed: number, setting: ScriptSetting): Promise<void> {
  const { tally } = setting;
  const goal = tally.messages + count;
  for (let round = 0; tally.messages < goal; round += 1) {
    const outcome = await fc.check(
      fc.asyncProperty(scripts(STEPS), async (script) => {
        await runScript(script, setting);
        expect(complaints).toEqual([]);
      }),
      { seed: startSeed + round, numRuns: 10, endOnFailure: true },
    );
    if (outcome.failed) {
      console.log(tally);
      throw new Error(`the fuzz failed with seed ${outcome.seed}: ${outcome.errorInstance}`, {
        cause: outcome.errorInstance,
      });
    }
  }
}

function newTally(): FuzzTally {
  return { messages: 0, outcomes: new Map(), closes: new Map() };
}
