/** Video calls in somebody else's Elysia app. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { AppError } from 'kaa';
import { Tokens } from '../../src/auth/index.ts';
import { failureOf } from '../support/failure.ts';
import { type MountedApp, type MountedAppOptions, startMountedApp } from '../support/mounted-app.ts';
import { opusParameters } from '../support/rtp.ts';
import { SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';

let app: MountedApp;
beforeAll(async () => {
  app = await startMountedApp({
    settings: { CALL_EMPTY_TIMEOUT: '200ms', SIGNALING_IDLE_TIMEOUT: '400ms' },
  });
}, 60_000);
afterAll(() => app.close());

const others: MountedApp[] = [];
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
});

async function start(options: MountedAppOptions): Promise<MountedApp> {
  const other = await startMountedApp(options);
  others.push(other);
  return other;
}

async function connect(userId: string, roomId: string, to = app): Promise<SignalingClient> {
  return SignalingClient.connect(to.url, await to.token(userId), roomId);
}

async function join(userId: string, roomId: string, to = app) {
  const client = await connect(userId, roomId, to);
  return { client, joined: await client.request('join', { protocol: 'mediasoup' }) };
}

async function publish(client: SignalingClient): Promise<{ trackId: string }> {
  const { transportId } = await client.request('create-transport', { direction: 'send' });
  const [kind, source] = ['audio', 'microphone'] as const;
  return client.request('produce', { transportId, kind, source, rtpParameters: opusParameters() });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('people', () => {
  test('meet, hear each other and chat; the stats tell it, and nothing is left when they have gone', async () => {
    const alice = await join('alice', 'standup');
    const { trackId } = await publish(alice.client);
    const bob = await join('bob', 'standup');
    expect(bob.joined.participants.flatMap(({ tracks }) => tracks)).toMatchObject([{ trackId }]);
    const { routerRtpCapabilities: rtpCapabilities } = bob.joined;
    await bob.client.request('create-transport', { direction: 'recv', rtpCapabilities });
    expect(await bob.client.request('consume', { trackId })).toMatchObject({ trackId, kind: 'audio' });
    await bob.client.request('chat', { text: '42' });
    expect(await alice.client.event('chat')).toMatchObject({ userId: 'bob', text: '42' });

    const stats = app.service.getServerStats();
    expect(stats).toMatchObject({ rooms: 1, participants: 2, recordings: 0 });
    expect(stats.workers).toMatchObject([{ routers: 1, consumers: 1 }]);
    const [worker] = stats.workers;
    expect(isRunning(worker!.pid)).toBe(true);
    // It is one thread, as good as idle.
    expect(worker!.cpu).toBeWithin(0.0001, 1.1);
    // What it has itself: the test process alone is larger.
    expect(worker!.memoryBytes).toBeWithin(2 ** 20, process.memoryUsage().rss);

    const room = await app.service.getRoomStats('standup');
    expect(room).toMatchObject({ id: 'standup', participantCount: 2, recording: null });
    expect(room.participants.map(({ userId }) => userId)).toEqual(['alice', 'bob']);
    expect(room.participants[0]?.up.tracks).toMatchObject([{ trackId, kind: 'audio' }]);

    await alice.client.close();
    expect(await bob.client.event('participant-left')).toMatchObject({ userId: 'alice' });
    await bob.client.close();
    await until('the call has ended', () => app.service.getServerStats().rooms === 0);
    const after = app.service.getServerStats();
    expect(after).toMatchObject({ rooms: 0, participants: 0, workers: [{ routers: 0, consumers: 0 }] });
    expect(await app.service.getRoomStats('standup')).toMatchObject({
      participantCount: 0,
      participants: [],
    });
  });

  test('may send before it is known who they are', async () => {
    const client = await connect('alice', 'hasty');
    const answers = await Promise.all([
      client.request('join', { protocol: 'mediasoup' }),
      client.request('chat', { text: 'already here' }),
    ]);
    expect(answers[0].participants).toEqual([]);
    await client.close();
  });

  test('who lost their socket may resume, although the hook does not tell how it closed', async () => {
    const { client: alice, joined } = await join('alice', 'resumed');
    const { client: bob } = await join('bob', 'resumed');
    await alice.cut();
    const isAway = (data: { participant: { userId: string; isConnected: boolean } }) =>
      data.participant.userId === 'alice' && !data.participant.isConnected;
    await bob.event('participant-updated', isAway);
    const again = await connect('alice', 'resumed');
    expect(await again.request('resume', { resumeToken: joined.resumeToken })).toMatchObject({
      isResumed: true,
    });
    await again.close();
    await bob.close();
  });

  test('who only listens is not taken for silent: the pongs of their browser are heard', async () => {
    const { client } = await join('alice', 'quiet');
    const outcome = await Promise.race([client.closed, Bun.sleep(1_200).then(() => 'still open' as const)]);
    expect(outcome).toBe('still open');
    await client.close();
  });
});

describe('a socket', () => {
  test('with a bad token, or with none, is closed with 4401', async () => {
    const forged = new Tokens('another-secret-that-is-just-as-long-as-it');
    const { token } = await forged.issue({ userId: 'alice', roles: ['admin'], lifetimeSeconds: 60 });
    for (const bad of [token, 'a.b.c', 'nothing']) {
      const client = await SignalingClient.connect(app.url, bad, 'standup');
      client.send({ type: 'join', roomId: 'standup', data: { protocol: 'mediasoup' } });
      expect(await client.closed).toMatchObject({ code: 4401 });
      expect(client.events).toEqual([]);
    }
    const nameless = new WebSocket(`${app.url.replace('http', 'ws')}/video-calls/ws`);
    const code = await new Promise((resolve) =>
      nameless.addEventListener('close', (event) => resolve(event.code)),
    );
    expect(code).toBe(4401);
    expect(app.service.getServerStats().participants).toBe(0);
  });

  test('of a page that may not come here is closed with 4401', async () => {
    const headers = { authorization: `Bearer ${await app.token('alice')}`, origin: 'https://evil.example' };
    // Bun's own option, which its DOM types do not know.
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/video-calls/ws`, { headers } as never);
    const code = await new Promise((resolve) =>
      socket.addEventListener('close', (event) => resolve(event.code)),
    );
    expect(code).toBe(4401);
  });

  test('that speaks garbage is told so, and closed at the third time with 4400; others notice nothing', async () => {
    const { client: bob } = await join('bob', 'garbage');
    const { client: mallory } = await join('mallory', 'garbage');
    mallory.send('true');
    mallory.send(new Uint8Array([0xff, 0x00]));
    await until(
      'both are answered',
      () => mallory.events.filter(({ type }) => type === 'error').length === 2,
    );
    expect(await mallory.request('ping', {})).toBeDefined();
    mallory.send('[[[');
    expect(await mallory.closed).toMatchObject({ code: 4400 });
    expect(await bob.event('participant-left')).toMatchObject({
      userId: 'mallory',
      reason: 'protocol-violation',
    });
    expect(await bob.request('ping', {})).toBeDefined();
    await bob.close();
  });

  test('may send the bytes of a message for its text', async () => {
    const { client } = await join('alice', 'bytes');
    client.send(new TextEncoder().encode(JSON.stringify({ type: 'raise-hand', roomId: 'bytes' })));
    expect(await client.event('hand-raised')).toEqual({ userId: 'alice', isRaised: true });
    await client.close();
  });

  test('that sends what is too long is closed with 1009, also before it is known who is on it', async () => {
    const { client: slow } = await join('alice', 'too-long');
    slow.send({ type: 'chat', roomId: 'too-long', data: { text: 'x'.repeat(70_000) } });
    expect(await slow.closed).toMatchObject({ code: 1009 });
    const hasty = await connect('alice', 'too-long');
    hasty.send({ type: 'chat', roomId: 'too-long', data: { text: 'x'.repeat(70_000) } });
    expect([1009, 4429]).toContain((await hasty.closed).code);
  });
});

describe('an app that has logged its people in itself', () => {
  test('says who they are; nobody it does not know, and nothing that no token could say, comes in', async () => {
    const own = await start({
      authenticate: ({ userId }) => {
        if (userId === 'mallory') throw new Error('banned');
        if (userId === 'nobody') return undefined;
        return { userId: userId === 'spaces' ? 'not a user id' : `${userId}`, name: 'Alice of the app' };
      },
    });
    const { client, joined } = await join('alice', 'own-login', own);
    expect(joined.permissions).toMatchObject({ moderate: true, subscribe: true });
    const { client: bob, joined: bobJoined } = await join('bob', 'own-login', own);
    expect(bobJoined.participants).toMatchObject([{ userId: 'alice', name: 'Alice of the app' }]);
    expect(bobJoined.permissions).toMatchObject({ moderate: false, subscribe: true });
    for (const userId of ['mallory', 'nobody', 'spaces']) {
      const refused = await connect(userId, 'own-login', own);
      expect(await refused.closed).toMatchObject({ code: 4401 });
    }
    await client.close();
    await bob.close();
  }, 30_000);

  test('cannot connect one user with the token of another', async () => {
    const service = await start({
      authenticate: () => ({ userId: 'somebody-else' }),
    });
    const client = await connect('alice', 'standup', service);
    expect(await client.closed).toMatchObject({ code: 4401 });
  }, 30_000);
});

describe('the service', () => {
  test('refuses everything before it is initialized, and lets in who came while it starts', async () => {
    const early = await start({ isInitialized: false });
    expect(() => early.service.getServerStats()).toThrow(AppError);
    const refused = await connect('alice', 'early', early);
    expect(await refused.closed).toMatchObject({ code: 1012 });

    const initialized = early.service.initialize();
    const { joined } = await join('alice', 'early', early);
    expect(joined.participants).toEqual([]);
    await initialized;
    await early.service.initialize();
  }, 30_000);

  test('closes sockets, calls and workers, and stays closed', async () => {
    const closing = await start({});
    const { client } = await join('alice', 'closing', closing);
    const [worker] = closing.service.getServerStats().workers;
    await closing.service.close();
    await closing.service.close();
    expect(await client.closed).toMatchObject({ code: 1012 });
    expect(isRunning(worker!.pid)).toBe(false);
    const late = await connect('bob', 'closing', closing);
    expect(await late.closed).toMatchObject({ code: 1012 });
    expect(await failureOf(closing.service.getRoomStats('closing'))).toMatchObject({ code: 'unavailable' });
    expect(await failureOf(closing.service.initialize())).toMatchObject({ code: 'invalid_state' });
  }, 30_000);

  test('closed while it starts leaves nothing behind', async () => {
    const hasty = await start({ isInitialized: false });
    const initialized = hasty.service.initialize();
    await hasty.service.close();
    await initialized;
    expect(await failureOf(hasty.service.getRoomStats('any'))).toMatchObject({ code: 'unavailable' });
  }, 30_000);

  test('that could not start says why, and may be started again', async () => {
    const broken = await start({
      isInitialized: false,
      settings: { MEDIASOUP_WORKER_BIN: '/nowhere/mediasoup-worker' },
    });
    for (const _attempt of [1, 2]) {
      expect(await failureOf(broken.service.initialize())).toMatchObject({ code: 'unavailable' });
    }
  }, 30_000);

  test('records a call by its name, and tells how that is going', async () => {
    const { service } = app;
    expect(await failureOf(service.startRecording('recorded'))).toMatchObject({ code: 'call_not_found' });
    const { client } = await join('alice', 'recorded');
    const recordingId = await service.startRecording('recorded');
    expect(await failureOf(service.startRecording('recorded'))).toMatchObject({
      code: 'invalid_state',
      details: { recordingId },
    });
    expect(await service.getRecordingStatus(recordingId)).toMatchObject({ recordingId, status: 'recording' });
    await service.stopRecording('recorded');
    expect(await failureOf(service.stopRecording('recorded'))).toMatchObject({ code: 'invalid_state' });
    await service.deleteRecording(recordingId);
    for (const attempt of [
      () => service.getRecordingStatus(recordingId),
      () => service.deleteRecording('0199c2f4-0000-7000-8000-000000000000'),
    ]) {
      expect(await failureOf(attempt())).toMatchObject({ code: 'recording_not_found' });
    }
    client.close();
  });

  test('knows no stats of a room that never was', async () => {
    expect(await failureOf(app.service.getRoomStats('never'))).toMatchObject({ code: 'call_not_found' });
  });
});

test('the routes work in an app that is not ours, and leave its own alone', async () => {
  const own = await start({ hasRoutes: true });
  const headers = { authorization: `Bearer ${await own.token('alice')}`, 'content-type': 'application/json' };
  const create = (body: unknown) =>
    fetch(`${own.url}/video-calls`, { method: 'POST', headers, body: JSON.stringify(body) });
  const created = await create({ id: 'planned', title: 'Planned' });
  expect(created.status).toBe(201);
  const { client } = await join('alice', 'planned', own);
  const found = await fetch(`${own.url}/video-calls/planned`, { headers });
  expect(await found.json()).toMatchObject({ id: 'planned', participants: [{ userId: 'alice' }] });

  expect(await (await create({ id: 'no id' })).json()).toMatchObject({ error: 'validation_error' });
  expect(await (await create({ title: 'a\0b' })).json()).toMatchObject({ error: 'validation_error' });
  expect(await (await fetch(`${own.url}/video-calls/planned`)).json()).toMatchObject({
    error: 'unauthenticated',
  });
  // As Elysia says it by itself.
  expect(await (await fetch(`${own.url}/nowhere`)).text()).toBe('NOT_FOUND');
  expect(await (await fetch(`${own.url}/fails`)).text()).toBe('of the app itself');

  await own.service.close();
  await client.closed;
  const late = await fetch(`${own.url}/video-calls/planned`, { headers });
  expect(late.status).toBe(503);
  expect(await late.json()).toMatchObject({ error: 'unavailable' });
}, 30_000);
