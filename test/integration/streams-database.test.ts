/** Streaming sessions while their database is away: who is connected goes on, and what happened is written when it is back. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { type Database, openDatabase } from '../../src/db/index.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { createDataDir } from '../support/server.ts';
import { knock } from '../support/streams/refusal.ts';
import { createSession, untilConnected } from '../support/streams/session.ts';
import { type StreamServer, startStreamServer } from '../support/streams/stream-server.ts';

setDefaultTimeout(120_000);

const DOWN_MS = 2_000;

let postgres: TestPostgres;
let database: Database;
let dataDir: string;
let server: StreamServer;

beforeAll(async () => {
  [postgres, dataDir] = await Promise.all([startPostgres(), createDataDir()]);
  database = await openDatabase({ kind: 'postgres', url: postgres.url });
  await database.migrate();
  server = await startStreamServer({ database, dataDir }, { SESSION_SOURCE_GRACE: '0s' });
});

afterAll(async () => {
  await server?.close();
  await database?.close();
  await postgres?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('frames flow on, nobody new gets in, and a session that ended meanwhile is finished when it is back', async () => {
  const kept = await createSession(server);
  const lost = await createSession(server);
  const ann = await kept.operator('ann');
  const source = await kept.source();
  const lostSource = await lost.source();
  const bob = await lost.operator('bob');
  await untilConnected(kept, ['ann']);
  const token = await server.token('carl', ['participant']);
  const headers = { authorization: `Bearer ${token}` };

  const back = postgres.crash(DOWN_MS);
  let refusal = await knock(kept.operatorUrl('carl'), headers);
  while (refusal.status === 101) refusal = await knock(kept.operatorUrl('carl'), headers);
  expect(refusal).toEqual({ status: 503, error: 'unavailable' });
  source.send('nobody asked the database');
  expect(await ann.received(1)).toEqual(['nobody asked the database']);
  await lostSource.close();
  expect((await bob.closed).code).toBe(4404);
  await back;

  const isFinished = async () => {
    const { rows } = await database.executeSql('select id, status, finish_reason from streaming_sessions');
    return rows.some(
      ({ id, status, finish_reason }) =>
        id === lost.id && status === 'finished' && finish_reason === 'source-gone',
    );
  };
  const deadline = Date.now() + 60_000;
  while (!(await isFinished().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the end of the session was not written');
    await Bun.sleep(100);
  }
  expect((await knock(kept.operatorUrl('carl'), headers)).status).toBe(101);
  source.send('and it goes on');
  expect(await ann.received(2)).toEqual(['nobody asked the database', 'and it goes on']);
  expect((await kept.finish()).status).toBe(204);
});
