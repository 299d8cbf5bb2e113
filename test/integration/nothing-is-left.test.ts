import { expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { loadConfig } from '../../src/config/index.ts';
import { openDatabase } from '../../src/db/index.ts';
import { CallRepository } from '../../src/video-calls/index.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

const ROOMS = 10;
const PEOPLE = 4;
const ROUNDS = 5;

/** Joins, publishes two tracks, receives what is there, and goes: some politely, some by hanging up. */
async function visit(server: TestServer, userId: string, roomId: string): Promise<void> {
  const client = await SignalingClient.connect(server.url, await server.token(userId), roomId);
  const joined = await client.request('join', { protocol: 'mediasoup' });
  const send = await client.request('create-transport', { direction: 'send' });
  await client.request('create-transport', {
    direction: 'recv',
    rtpCapabilities: joined.routerRtpCapabilities,
  });
  const { transportId } = send;
  await client.request('produce', {
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters: opusParameters(),
  });
  await client.request('produce', {
    transportId,
    kind: 'video',
    source: 'camera',
    rtpParameters: vp8Parameters(),
  });
  for (const { trackId } of joined.participants.flatMap(({ tracks }) => tracks)) {
    // The one who published it may have gone meanwhile.
    await client.request('consume', { trackId }).catch(() => {});
  }
  if (userId.endsWith('0')) await client.request('leave', {});
  await client.close();
}

test('after 200 joins and leaves no transport, producer, socket, room or open row is left', async () => {
  const dataDir = await createDataDir();
  const server = await startTestServer({ dataDir, env: { CALL_EMPTY_TIMEOUT: '200ms' } });
  const { media, hub, registry } = server.app.calls;
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(
      Array.from({ length: ROOMS * PEOPLE }, (_, index) =>
        visit(server, `user-${round}-${index}`, `room-${index % ROOMS}`),
      ),
    );
  }
  await Promise.all(
    registry.all().map((call) => new Promise<void>((resolve) => call.events.on('ended', () => resolve()))),
  );
  expect(registry.size).toBe(0);
  expect(hub.size).toBe(0);
  expect(await media.dump()).toEqual({ routers: 0, transports: 0 });
  await server.close();

  const database = await openDatabase(loadConfig({ cwd: dataDir, env: { DATA_DIR: dataDir } }).database);
  const repository = new CallRepository(database.orm);
  const { rows, total } = await repository.list({}, { page: 1, limit: 100 });
  expect(total).toBeGreaterThanOrEqual(ROOMS);
  expect(rows.map(({ status }) => status).filter((status) => status !== 'ended')).toEqual([]);
  const { rows: stays } = await database.executeSql(
    'select count(*)::int as total, count(left_at)::int as finished from call_participants',
  );
  expect(stays).toEqual([{ total: ROOMS * PEOPLE * ROUNDS, finished: ROOMS * PEOPLE * ROUNDS }]);
  await database.close();
  await rm(dataDir, { recursive: true });
}, 120_000);
