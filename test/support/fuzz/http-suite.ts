/**
 * Fuzzes every documented route: whatever is sent, the answer is 2xx or 4xx with a code, or 503 with when to come again, and the
 * server lives on.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { startTestServer, type TestServer } from '../server.ts';
import type { FuzzBudget } from './budget.ts';
import { measureFootprint } from './footprint.ts';
import { Memory } from './fuzz-client.ts';
import { type FuzzRequest, type OpenApi, requestsTo } from './requests.ts';

const ALLOWED_GROWTH_MIB = 24;

let server: TestServer;
const complaints: string[] = [];

/** Declares the suite, in the short form or the long one. */
export function fuzzRoutes({ seed, requests, timeoutMs }: FuzzBudget): void {
  beforeAll(async () => {
    server = await startTestServer({
      // What is left are calls that nobody is in, and sessions that nobody connects: few, so that growth is a leak.
      env: {
        LOG_LEVEL: 'error',
        CALL_EMPTY_TIMEOUT: '1s',
        WHIP_MAX_SESSIONS: '20',
        WHEP_MAX_SESSIONS: '20',
        INGEST_MAX_SESSIONS: '20',
        VOIP_MAX_CALLS: '20',
        LIVE_MAX_STREAMS: '20',
      },
      onLogLine: (line) => complaints.push(line.slice(0, 2_000)),
    });
  }, 60_000);

  afterAll(() => server.close());

  test(
    `${requests} requests to every route (seed ${seed})`,
    async () => {
      const fuzzed: Fuzz = {
        specification: (await (await fetch(`${server.url}/openapi/json`)).json()) as OpenApi,
        candidates: await tokens(),
        memory: new Memory(),
        statuses: new Map(),
      };
      const workers = server.app.calls.media.workerPids;
      // The first quarter warms up: descriptions of media are read by code that takes a while until it is compiled.
      await fuzz(fuzzed, requests / 4, seed);
      const before = await measureFootprint(workers);
      await fuzz(fuzzed, (requests * 3) / 4, seed + 1);
      const after = await measureFootprint(workers);
      console.log({ seed, requests, statuses: fuzzed.statuses, before, after });
      expect(complaints).toEqual([]);
      expect(server.app.calls.media.workerPids).toEqual(workers);
      expect(after.heapMiB - before.heapMiB).toBeLessThan(ALLOWED_GROWTH_MIB);
    },
    timeoutMs,
  );
}

async function tokens(): Promise<(string | undefined)[]> {
  return [
    await server.token('alice'),
    await server.token('bob'),
    await server.token('vera', ['viewer']),
    await server.token('root', ['admin']),
    'a.b.c',
    undefined,
  ];
}

async function send({ method, path, headers, body }: FuzzRequest, token: string | undefined) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: body as BodyInit }),
  });
  const type = response.headers.get('content-type') ?? '';
  const isBusy = response.status === 503 && Number(response.headers.get('retry-after')) > 0;
  return { status: response.status, isBusy, type, text: await readAnswer(response, type) };
}

/** Events go on without end: their head is the answer. */
async function readAnswer(response: Response, type: string): Promise<string> {
  if (type !== 'text/event-stream') return response.text();
  await response.body?.cancel();
  return '';
}

interface Fuzz {
  readonly specification: OpenApi;
  readonly candidates: readonly (string | undefined)[];
  readonly memory: Memory;
  readonly statuses: Map<number, number>;
}

async function fuzz({ specification, candidates, memory, statuses }: Fuzz, count: number, startSeed: number) {
  const outcome = await fc.check(
    fc.asyncProperty(
      requestsTo(specification),
      fc.nat({ max: candidates.length - 1 }),
      async (draft, who) => {
        const request = draft((known) => memory.recall(known));
        const { status, isBusy, type, text } = await send(request, candidates[who]);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const context = `${JSON.stringify(request).slice(0, 1_500)} was answered ${status} ${text.slice(0, 500)}`;
        if (status >= 500 && !isBusy) throw new Error(`${context}\n${complaints.at(-1)}`);
        if (type.includes('json')) memory.remember(JSON.parse(text));
        if (status >= 400 && text !== '' && typeof JSON.parse(text).error !== 'string')
          throw new Error(context);
      },
    ),
    { seed: startSeed, numRuns: count, endOnFailure: true },
  );
  if (outcome.failed) throw new Error(`the fuzz failed with seed ${outcome.seed}: ${outcome.errorInstance}`);
}
