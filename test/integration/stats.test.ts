/** What an admin sees of the whole server, once and as it goes on. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join, publishMicrophone, receive } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env: { WEBRTC_WORKERS: '2' } });
}, 60_000);

afterAll(() => server.close());

async function ask(path: string): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${await server.token('root', ['admin'])}` },
  });
}

test('rooms, people, and what each worker carries and costs', async () => {
  const ann = await join(server, 'ann', 'counted');
  const bob = await join(server, 'bob', 'counted');
  const { trackId } = await publishMicrophone(ann.client);
  await receive(bob.client, bob.joined);
  await bob.client.request('consume', { trackId });
  const stats = await (await ask('/stats')).json();
  expect(stats).toMatchObject({ rooms: 1, participants: 2, recordings: 0 });
  const { media } = server.app.calls;
  expect(stats.workers.map(({ pid }: { pid: number }) => pid)).toEqual(media.workerPids);
  const sums = stats.workers.reduce(
    (sum: { routers: number; consumers: number }, worker: typeof sum) => ({
      routers: sum.routers + worker.routers,
      consumers: sum.consumers + worker.consumers,
    }),
    { routers: 0, consumers: 0 },
  );
  expect(sums).toEqual({ routers: 1, consumers: 1 });
  for (const worker of stats.workers) {
    expect(worker.cpu).toBeGreaterThanOrEqual(0);
    expect(worker.memoryBytes).toBeGreaterThan(1024 * 1024);
  }
  await Promise.all([ann.client.close(), bob.client.close()]);
});

test('a watcher is told at once and again, and sees what changed', async () => {
  const response = await ask('/stats/events');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    const { value = '' } = await reader.read();
    expect(value).toStartWith('event: stats\ndata: ');
    return JSON.parse(value.split('data: ')[1]!);
  };
  const { participants } = await next();
  const { client } = await join(server, 'carol', 'watched');
  let seen = await next();
  while (seen.participants !== participants + 1) seen = await next();
  await client.close();
  await reader.cancel();
}, 20_000);
