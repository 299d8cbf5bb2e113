/** The database goes away under the calls: people in them notice nothing, and whoever needs it is told to try again. */
import { expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { connect, join, publishMicrophone } from '../support/people.ts';
import { findFreePort, startPostgres } from '../support/postgres.ts';
import { startTestServer } from '../support/server.ts';

test('a call goes on without the database; what cannot do without is unavailable, not broken', async () => {
  const port = await findFreePort();
  const postgres = await startPostgres({ port });
  const errors: string[] = [];
  const server = await startTestServer({
    env: { DATABASE_URL: postgres.url },
    onLogLine: (line) => {
      if (['error', 'fatal'].includes(JSON.parse(line).level)) errors.push(line);
    },
  });
  const authorization = `Bearer ${await server.token('ann')}`;
  const list = () => fetch(`${server.url}/video-calls`, { headers: { authorization } });
  const ann = await join(server, 'ann', 'living');
  expect((await list()).status).toBe(200);
  await postgres.stop();

  const bob = await join(server, 'bob', 'living');
  await publishMicrophone(bob.client);
  await ann.client.event('producer-added');
  const answer = await list();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ error: 'unavailable' });
  const carol = await connect(server, 'carol', 'unknown');
  expect(await failureOf(carol.request('join', { protocol: 'mediasoup' }))).toMatchObject({
    code: 'unavailable',
  });
  expect(errors).toEqual([]);

  // What comes back knows no table of ours: what waits to be written is given up at once, and holds up nobody.
  const stranger = await startPostgres({ port });
  await server.close();
  await stranger.stop();
}, 60_000);
