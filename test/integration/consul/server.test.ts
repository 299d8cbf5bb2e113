/** The real server as a process, and Consul: away at its start, there later, told of its stop, left to its TTL by a kill. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { Tokens } from '../../../src/auth/index.ts';
import { CONSUL_TOKEN, ConsulStandIn } from '../../support/consul/stand-in.ts';
import { ServerProcess } from '../../support/kills/server-process.ts';
import { createDataDir, JWT_SECRET } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const LIMIT_MS = 120_000;
const PATIENCE_MS = 40_000;
const ID = 'rec-under-test';
let consul: ConsulStandIn;
let server: ServerProcess;

beforeAll(async () => {
  consul = await ConsulStandIn.create();
  await consul.stop();
  const dataDir = await createDataDir();
  server = await ServerProcess.start({
    dataDir,
    env: {
      CONSUL_HTTP_ADDR: consul.address,
      CONSUL_HTTP_TOKEN: CONSUL_TOKEN,
      CONSUL_CHECK_TTL: '3s',
      CONSUL_CHECK_INTERVAL: '1s',
      SERVICE_ID: ID,
      SERVICE_TAGS: 'test, eu',
    },
  });
}, LIMIT_MS);

afterAll(async () => {
  await server?.end('SIGKILL');
  await rm(server.dataDir, { recursive: true, force: true });
  await consul.close();
}, LIMIT_MS);

async function readInstances() {
  const tokens = new Tokens(JWT_SECRET);
  const { token } = await tokens.issue({ userId: 'root', roles: ['admin'], lifetimeSeconds: 60 });
  const response = await fetch(`${server.url}/instances`, { headers: { authorization: `Bearer ${token}` } });
  return (await response.json()) as { consul: string; instances: { id: string; isThis: boolean }[] };
}

test(
  'it starts without Consul, and is registered in good health when Consul comes',
  async () => {
    expect((await readInstances()).instances).toEqual([]);
    expect(consul.statusOf(ID)).toBeUndefined();
    await consul.start();
    await until('it is in good health', () => consul.statusOf(ID) === 'passing', PATIENCE_MS);
    expect(consul.catalog.find(ID)?.fields).toMatchObject({
      Name: 'recording-service',
      Address: '127.0.0.1',
      Meta: { http_port: new URL(server.url).port },
      Tags: ['test', 'eu'],
    });
    let found = await readInstances();
    const deadline = Date.now() + PATIENCE_MS;
    while (found.instances.length === 0 && Date.now() < deadline) found = await readInstances();
    expect(found).toMatchObject({ consul: 'connected', instances: [{ id: ID, isThis: true }] });
  },
  LIMIT_MS,
);

test(
  'killed, it turns critical by its TTL, and the same one is in good health when it runs again',
  async () => {
    await server.end('SIGKILL');
    const alive = () => consul.catalog.findCheck(`service:${ID}:alive`)?.status;
    expect(alive()).toBe('passing');
    await until('its TTL ran out', () => alive() === 'critical', PATIENCE_MS);
    await server.restart();
    await until('it is in good health', () => consul.statusOf(ID) === 'passing', PATIENCE_MS);
    expect(consul.catalog.services.length).toBe(1);
  },
  LIMIT_MS,
);

test(
  'told to stop, it is off the list before it ends',
  async () => {
    await server.end('SIGTERM');
    expect(consul.statusOf(ID)).toBeUndefined();
    expect(consul.requests.at(-1)).toBe(`PUT /v1/agent/service/deregister/${ID}`);
  },
  LIMIT_MS,
);
