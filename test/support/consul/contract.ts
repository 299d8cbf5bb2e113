/** What Kaa relies on at an agent of Consul: one suite, for the stand-in and for the real one. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ConsulConnection } from '../../../src/config/index.ts';
import { ConsulAgent, ConsulRefusal } from '../../../src/discovery/agent.ts';
import { aliveCheckId, defineService } from '../../../src/discovery/service-definition.ts';
import { failureOf } from '../failure.ts';

export interface ConsulWorld {
  readonly connection: ConsulConnection;
  close(): Promise<void>;
}

const LIMIT_MS = 60_000;
const SERVICE = 'contract-service';
const forever = new AbortController().signal;

export function consulContract(open: () => Promise<ConsulWorld>): void {
  let world: ConsulWorld;
  let agent: ConsulAgent;
  /** What the agent looks at over HTTP. */
  let ready: Bun.Server<undefined>;

  beforeAll(async () => {
    world = await open();
    agent = new ConsulAgent(world.connection);
    ready = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('ready') });
  }, LIMIT_MS);

  afterAll(async () => {
    await ready.stop(true);
    await world.close();
  }, LIMIT_MS);

  const define = (id: string, checkTtlMs = 60_000) =>
    defineService(
      { name: SERVICE, id, address: '127.0.0.1', tags: ['blue'] },
      { http: { host: '127.0.0.1', port: ready.port ?? 0, isTls: false } },
      { checkTtlMs, checkIntervalMs: 1_000, deregisterAfterMs: 60_000 },
    );
  const look = (index: number, waitMs: number) => agent.passing(SERVICE, { index, waitMs, signal: forever });

  /** Asks until the list is as wanted, by blocking queries. */
  async function seen(isWanted: (ids: readonly string[]) => boolean): Promise<number> {
    let index = 0;
    for (;;) {
      const answer = await look(index, 10_000);
      if (isWanted(answer.instances.map(({ id }) => id))) return answer.index;
      index = Math.max(1, answer.index);
    }
  }

  test(
    'a service that was registered is found, once the agent has looked at it',
    async () => {
      await agent.register(define('one'));
      await seen((ids) => ids.includes('one'));
      const { instances } = await look(0, 10_000);
      expect(instances).toEqual([{ id: 'one', address: '127.0.0.1', port: ready.port ?? 0, tags: ['blue'] }]);
    },
    LIMIT_MS,
  );

  test(
    'a query with the index of the last answer waits for what is new',
    async () => {
      const index = await seen((ids) => ids.includes('one'));
      expect(index).toBeGreaterThan(0);
      const [answer] = await Promise.all([seen((ids) => ids.includes('two')), agent.register(define('two'))]);
      expect(answer).toBeGreaterThan(index);
      await agent.deregister('two', 5_000);
      await seen((ids) => !ids.includes('two'));
    },
    LIMIT_MS,
  );

  test(
    'one that says no more that it lives is found no more, and found again when it does',
    async () => {
      await agent.register(define('quiet', 1_000));
      await seen((ids) => !ids.includes('quiet'));
      const talking = setInterval(() => void agent.pass(aliveCheckId('quiet')).catch(() => {}), 300);
      await seen((ids) => ids.includes('quiet')).finally(() => clearInterval(talking));
      await seen((ids) => !ids.includes('quiet'));
      await agent.deregister('quiet', 5_000);
    },
    LIMIT_MS,
  );

  test('a word about a check that it does not know is refused as such', async () => {
    const failure = await failureOf(agent.pass(aliveCheckId('nobody')));
    expect(failure).toBeInstanceOf(ConsulRefusal);
    expect(failure).toMatchObject({ isUnknown: true });
  });

  test('deregistering twice is no error', async () => {
    await agent.register(define('three'));
    await agent.deregister('three', 5_000);
    await agent.deregister('three', 5_000);
  });
}
