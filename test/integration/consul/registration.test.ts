/** A registration at Consul through everything that happens to an agent. */
import { afterEach, expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsulAgent } from '../../../src/discovery/agent.ts';
import { Instances } from '../../../src/discovery/instances.ts';
import { Registration } from '../../../src/discovery/registration.ts';
import { defineService } from '../../../src/discovery/service-definition.ts';
import { createLogger } from '../../../src/observability/index.ts';
import { ConsulStandIn } from '../../support/consul/stand-in.ts';
import { connectionTo } from '../../support/consul/stand-in-world.ts';
import { until } from '../../support/until.ts';

const LIMIT_MS = 60_000;
const PATIENCE_MS = 30_000;
const TTL_MS = 1_500;
const ID = 'rec-1';
const undo: (() => unknown)[] = [];
const log: string[] = [];
const logger = createLogger({
  level: 'info',
  format: 'json',
  service: 'kaa-test',
  destination: { write: (line) => void log.push(line) },
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  log.length = 0;
});

async function openConsul(reapFactor = 1): Promise<ConsulStandIn> {
  const consul = await ConsulStandIn.create({ reapFactor });
  undo.push(() => consul.close());
  return consul;
}

function register(connection: Parameters<typeof connectionTo>[0] | ConsulAgent, id = ID): Registration {
  const ready = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('ready') });
  undo.push(() => ready.stop(true));
  const agent = connection instanceof ConsulAgent ? connection : new ConsulAgent(connectionTo(connection));
  const service = defineService(
    { name: 'recording-service', id, address: '127.0.0.1', tags: [] },
    { http: { host: '127.0.0.1', port: ready.port ?? 0, isTls: false } },
    { checkTtlMs: TTL_MS, checkIntervalMs: 1_000, deregisterAfterMs: 60_000 },
  );
  const registration = new Registration({ agent, service, ttlMs: TTL_MS, logger });
  undo.push(() => registration.close());
  return registration;
}

function watch(consul: ConsulStandIn): Instances {
  const agent = new ConsulAgent(connectionTo(consul));
  const instances = new Instances({ agent, serviceName: 'recording-service', logger });
  undo.push(() => instances.close());
  return instances;
}

const isPassing = (consul: ConsulStandIn, id = ID) => consul.statusOf(id) === 'passing';
const words = (consul: ConsulStandIn) =>
  consul.requests.filter((request) => request.startsWith('PUT /v1/agent/check/update/')).length;

test(
  'a server is registered, stays in good health longer than its TTL, and is taken off at its end',
  async () => {
    const consul = await openConsul();
    const registration = register(consul);
    await until('it is in good health', () => isPassing(consul), PATIENCE_MS);
    await until('it said six times that it lives', () => words(consul) >= 6, PATIENCE_MS);
    expect(consul.statusOf(ID)).toBe('passing');
    await registration.close();
    expect(consul.statusOf(ID)).toBeUndefined();
    await registration.close();
  },
  LIMIT_MS,
);

test(
  'a Consul that is away at the start, goes in the middle and comes back has the server on its list again',
  async () => {
    const consul = await openConsul();
    await consul.stop();
    register(consul);
    await until(
      'the failure was logged',
      () => log.some((line) => line.includes('tried again')),
      PATIENCE_MS,
    );
    await consul.start();
    await until('it is registered', () => isPassing(consul), PATIENCE_MS);
    await consul.stop();
    await until('its TTL ran out', () => consul.statusOf(ID) === 'critical', PATIENCE_MS);
    await consul.start();
    await until('it is in good health again', () => isPassing(consul), PATIENCE_MS);
    // One line for each thing that happened, however often it was tried.
    const failures = log.filter((line) => line.includes('tried again')).length;
    expect(failures).toBeLessThanOrEqual(4);
  },
  LIMIT_MS,
);

test(
  'a Consul that forgot the server, or whose operator took it off, has it again with the next word',
  async () => {
    const consul = await openConsul();
    register(consul);
    await until('it is registered', () => isPassing(consul), PATIENCE_MS);
    consul.catalog.forget();
    await until('it is registered again', () => isPassing(consul), PATIENCE_MS);
    consul.catalog.deregister(ID);
    await until('it is registered once more', () => isPassing(consul), PATIENCE_MS);
    expect(log.filter((line) => line.includes('had forgotten')).length).toBe(2);
  },
  LIMIT_MS,
);

test(
  'a Consul that takes every request and answers none delays nothing by more than seconds',
  async () => {
    const consul = await openConsul();
    consul.isHanging = true;
    const registration = register(consul);
    await until('it was asked', () => consul.requests.length > 0, PATIENCE_MS);
    const startedAt = performance.now();
    await registration.close();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  },
  LIMIT_MS,
);

test(
  'a refused token is logged without the token, and the right one is taken as soon as it is in the file',
  async () => {
    const consul = await openConsul();
    const folder = await mkdtemp(join(tmpdir(), 'kaa-consul-'));
    undo.push(() => rm(folder, { recursive: true }));
    const tokenPath = join(folder, 'token');
    await writeFile(tokenPath, 'a-wrong-token-never-to-be-seen\n');
    register(new ConsulAgent({ ...connectionTo(consul), tokenPath }));
    await until('it was refused', () => log.some((line) => line.includes('answered 403')), PATIENCE_MS);
    expect(consul.statusOf(ID)).toBeUndefined();
    await writeFile(tokenPath, `${consul.token}\n`);
    await until('it is registered', () => isPassing(consul), PATIENCE_MS);
    expect(log.join('')).not.toContain('never-to-be-seen');
  },
  LIMIT_MS,
);

test(
  'a server that says no more that it lives turns critical, and is taken off the list in the end',
  async () => {
    const consul = await openConsul(60);
    const lost = register(consul);
    await until('it is registered', () => isPassing(consul), PATIENCE_MS);
    // Its goodbye does not arrive, as if it had been killed.
    consul.token = 'another-token';
    await lost.close();
    await until('it is critical', () => consul.statusOf(ID) === 'critical', PATIENCE_MS);
    await until('it is off the list', () => consul.statusOf(ID) === undefined, PATIENCE_MS);
  },
  LIMIT_MS,
);

test(
  'instances find each other, and see who comes and goes, even when the index of Consul goes backwards',
  async () => {
    const consul = await openConsul();
    const instances = watch(consul);
    const ids = () => instances.list.map(({ id }) => id).sort();
    register(consul);
    const second = register(consul, 'rec-2');
    await until('both are found', () => ids().join() === 'rec-1,rec-2', PATIENCE_MS);
    consul.catalog.forget();
    await until('both are found again', () => ids().join() === 'rec-1,rec-2', PATIENCE_MS);
    await second.close();
    await until('one is gone', () => ids().join() === 'rec-1', PATIENCE_MS);
  },
  LIMIT_MS,
);

test(
  'while Consul is away the last list stays, and asking does not become a flood',
  async () => {
    const consul = await openConsul();
    const instances = watch(consul);
    register(consul);
    await until('it is found', () => instances.list.length === 1, PATIENCE_MS);
    const queries = consul.requests.filter((request) => request.startsWith('GET ')).length;
    // It waits: nothing is new, so nothing is asked.
    const before = words(consul);
    await until('it said three times that it lives', () => words(consul) >= before + 3, PATIENCE_MS);
    expect(consul.requests.filter((request) => request.startsWith('GET ')).length - queries).toBeLessThan(10);
    await consul.stop();
    await until('it is away', () => instances.state === 'away', PATIENCE_MS);
    expect(instances.list.length).toBe(1);
    await consul.start();
    await until('it is back', () => instances.state === 'connected', PATIENCE_MS);
  },
  LIMIT_MS,
);
