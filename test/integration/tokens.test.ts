import { afterAll, beforeAll, describe, expect, spyOn, test } from 'bun:test';
import type { Grant, Role } from '../../src/auth/index.ts';
import { failureOf } from '../support/failure.ts';
import { LoginProvider } from '../support/login-provider.ts';
import { connect, createCall, join, publishMicrophone } from '../support/people.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';
import { askForUpgrade } from '../support/upgrade.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

describe('the token of a socket', () => {
  const BAD = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJrYWEifQ.AAAA';
  const SUBPROTOCOL = 'Sec-WebSocket-Protocol';
  let good: string;
  beforeAll(async () => {
    good = await server.token('alice');
  });

  function ask(query: string, ...headers: [string, string][]) {
    return askForUpgrade(server.url, `/video-calls/ws${query}`, headers);
  }

  test('is taken from the header, from the subprotocol, which is echoed as it came, and from the query', async () => {
    const accepted = { status: 101, subprotocol: undefined };
    expect(await ask('', ['Authorization', `Bearer ${good}`])).toEqual(accepted);
    expect(await ask('', ['authorization', `bearer   ${good}`])).toEqual(accepted);
    expect(await ask(`?token=${good}`)).toEqual(accepted);
    for (const [offered, echoed] of [
      [`bearer, ${good}`, 'bearer'],
      [`bearer,${good}`, 'bearer'],
      [` bearer ,  ${good} `, 'bearer'],
      [`Bearer, ${good}`, 'Bearer'],
      [`kaa.v1, bearer, ${good}`, 'bearer'],
    ] as const) {
      expect({ offered, ...(await ask('', [SUBPROTOCOL, offered])) }).toEqual({
        offered,
        status: 101,
        subprotocol: echoed,
      });
    }
    expect(await ask('', [SUBPROTOCOL, 'bearer'], [SUBPROTOCOL, good])).toMatchObject({ status: 101 });
  });

  test('is refused with 401 when it is missing, cut or bad, wherever it stands', async () => {
    const refused: [string, ...[string, string][]][] = [
      [''],
      ['?token='],
      ['?token=x'],
      [`?token=${BAD}`],
      [`?token=${BAD}&token=${good}`],
      ['', ['Authorization', 'Bearer']],
      ['', ['Authorization', `Bearer ${BAD}`]],
      ['', ['Authorization', `Bearer ${good}, Bearer ${good}`]],
      ['', [SUBPROTOCOL, 'bearer']],
      ['', [SUBPROTOCOL, 'bearer,']],
      ['', [SUBPROTOCOL, `${good}, bearer`]],
      ['', [SUBPROTOCOL, `bearer, ${BAD}`]],
      ['', [SUBPROTOCOL, good]],
    ];
    for (const [query, ...headers] of refused) {
      expect({ query, headers, ...(await ask(query, ...headers)) }).toMatchObject({
        query,
        headers,
        status: 401,
      });
    }
  });

  test('is decided by the first place that has one, even when a later one has a better', async () => {
    expect((await ask(`?token=${good}`, ['Authorization', `Bearer ${BAD}`])).status).toBe(401);
    expect((await ask(`?token=${good}`, ['Authorization', 'Bearer'])).status).toBe(401);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, `bearer, ${BAD}`])).status).toBe(401);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, 'bearer'])).status).toBe(401);
    const both: [string, string][] = [
      ['Authorization', `Bearer ${BAD}`],
      [SUBPROTOCOL, `bearer, ${good}`],
    ];
    expect((await ask('', ...both)).status).toBe(401);
    expect((await ask(`?token=${BAD}`, ['Authorization', `Bearer ${good}`])).status).toBe(101);
    expect((await ask(`?token=${BAD}`, [SUBPROTOCOL, `bearer, ${good}`])).status).toBe(101);
  });

  test('may stand beside what is no token: another scheme, another subprotocol', async () => {
    const basic = `Basic ${btoa('proxy:password')}`;
    expect((await ask(`?token=${good}`, ['Authorization', basic])).status).toBe(101);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, 'kaa.v1'])).status).toBe(101);
  });

  test('in the query opens sockets only, no route', async () => {
    expect((await fetch(`${server.url}/video-calls/any?token=${good}`)).status).toBe(401);
  });
});

describe('a token with grants', () => {
  /** Asks for a route as an admin whose token names the call "named" only. */
  async function ask(method: string, path: string, grant: Grant = { moderate: true, record: true }) {
    const roles: Role[] = ['admin', 'host', 'service'];
    const token = await server.token('deputy', roles, { grants: { named: grant } });
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify({ title: 'Taken over' }) }),
    });
    const { error } = (await response.json()) as { error?: string };
    return { status: response.status, error };
  }
  const forbidden = { status: 403, error: 'forbidden' };

  beforeAll(async () => {
    for (const id of ['named', 'other']) await createCall(server, 'hanna', { id, invited: ['deputy'] });
  });

  test('sees the call that it names', async () => {
    expect((await ask('GET', '/video-calls/named')).status).toBe(200);
  });

  test('is refused for calls that it does not name, there or not, whatever its roles and invitations are', async () => {
    for (const path of ['/video-calls/other', '/video-calls/nowhere', '/video-calls/Named']) {
      expect(await ask('GET', path)).toEqual(forbidden);
      expect(await ask('PUT', path)).toEqual(forbidden);
      expect(await ask('DELETE', path)).toEqual(forbidden);
    }
  });

  test('is refused for every route outside of calls', async () => {
    expect(await ask('POST', '/video-calls')).toEqual(forbidden);
    expect(await ask('GET', '/video-calls')).toEqual(forbidden);
    expect(await ask('GET', '/video-calls/?status=active')).toEqual(forbidden);
  });

  test('does not manage the call that it names: that is for its host', async () => {
    expect(await ask('PUT', '/video-calls/named')).toEqual(forbidden);
    expect(await ask('DELETE', '/video-calls/named')).toEqual(forbidden);
  });

  test('reaches what is public', async () => {
    expect((await ask('GET', '/openapi/json')).status).toBe(200);
    expect((await ask('GET', '/health')).status).toBe(200);
  });

  test('joins the call that it names with the rights that it names, and no other call', async () => {
    const token = await server.token('deputy', ['admin'], { grants: { named: { subscribe: true } } });
    const other = await SignalingClient.connect(server.url, token, 'other');
    expect(await failureOf(other.request('join', { protocol: 'mediasoup' }))).toMatchObject({
      code: 'forbidden',
    });
    const named = await SignalingClient.connect(server.url, token, 'named');
    const { permissions } = await named.request('join', { protocol: 'mediasoup' });
    expect(permissions).toMatchObject({ publish: [], subscribe: true, data: false, moderate: false });
    expect(await failureOf(named.request('chat', { text: 'hi' }))).toMatchObject({ code: 'forbidden' });
    await Promise.all([other.close(), named.close()]);
  });
});

describe('the end of a token', () => {
  const shortly = { lifetimeSeconds: 2 };

  test('is told ahead and closes the socket with 4401, and the others are told why', async () => {
    const bob = await join(server, 'bob', 'ending');
    const alice = await SignalingClient.connect(
      server.url,
      await server.token('alice', ['host'], shortly),
      'ending',
    );
    await alice.request('join', { protocol: 'mediasoup' });
    const { expiresAt } = await alice.event('token-expiring');
    const { code, reason } = await alice.closed;
    expect({ code, reason }).toEqual({ code: 4401, reason: 'the token has expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(alice.events.filter(({ type }) => type === 'token-expiring')).toEqual([]);
    expect(await bob.client.event('participant-left')).toEqual({ userId: 'alice', reason: 'token-expired' });
    await bob.client.close();
  });

  test('comes for a socket in no call too', async () => {
    const alice = await SignalingClient.connect(
      server.url,
      await server.token('alice', ['host'], shortly),
      'none',
    );
    await alice.event('token-expiring');
    expect((await alice.closed).code).toBe(4401);
    expect(server.app.calls.hub.size).toBe(0);
  });

  test('is put off by another token, as often as one is sent, in a call and before', async () => {
    const alice = await SignalingClient.connect(
      server.url,
      await server.token('alice', ['host'], shortly),
      'put-off',
    );
    const openedAt = Date.now();
    const first = await server.token('alice', ['host'], shortly);
    await alice.request('refresh-token', { token: first });
    await alice.request('join', { protocol: 'mediasoup' });
    const { expiresAt } = await alice.request('refresh-token', { token: await server.token('alice') });
    expect(Date.parse(expiresAt)).toBeGreaterThan(openedAt + 3_000_000);
    await Bun.sleep(openedAt + 2_200 - Date.now());
    await alice.request('ping', {});
    await alice.close();
  });
});

describe('refresh-token', () => {
  test('refuses what is no token, an old one and one of another secret, for that message alone', async () => {
    const { client } = await join(server, 'alice', 'refused');
    const old = await server.token('alice', ['host'], { lifetimeSeconds: -1 });
    for (const token of ['x', 'a.b.c', old]) {
      expect(await failureOf(client.request('refresh-token', { token }))).toMatchObject({
        code: 'unauthenticated',
      });
    }
    await client.request('chat', { text: 'still here' });
    await client.close();
  });

  test('refuses tokens of others and tokens with more rights, and the old token stays', async () => {
    const viewer = await SignalingClient.connect(server.url, await server.token('vera', ['viewer']), 'wider');
    const wider = [
      await server.token('alice', ['viewer']),
      await server.token('vera', ['host']),
      await server.token('vera', ['viewer'], { grants: { wider: { publish: ['camera'] } } }),
    ];
    for (const token of wider) {
      expect(await failureOf(viewer.request('refresh-token', { token }))).toMatchObject({
        code: 'forbidden',
      });
    }
    await viewer.request('refresh-token', { token: await server.token('vera', ['viewer']) });
    await viewer.close();
  });

  test('with fewer rights ends at once what they do not allow, and only that', async () => {
    const host = await join(server, 'hanna', 'narrowing');
    const grant: Grant = { publish: ['microphone', 'camera'], subscribe: true, data: true };
    const token = (narrowing: Grant) => server.token('guest', [], { grants: { narrowing } });
    const guest = await SignalingClient.connect(server.url, await token(grant), 'narrowing');
    const joined = await guest.request('join', { protocol: 'mediasoup' });
    const { transportId } = await guest.request('create-transport', { direction: 'send', hasData: true });
    const publish = {
      transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
    } as const;
    const microphone = await guest.request('produce', publish);
    const camera = await guest.request('produce', {
      transportId,
      kind: 'video',
      source: 'camera',
      rtpParameters: vp8Parameters(),
    });
    const channel = await guest.request('produce-data', {
      transportId,
      sctpStreamParameters: { streamId: 0, ordered: true },
    });
    const hostTrack = await publishMicrophone(host.client);
    await guest.request('create-transport', {
      direction: 'recv',
      rtpCapabilities: joined.routerRtpCapabilities,
    });
    const consumer = await guest.request('consume', { trackId: hostTrack.trackId });

    await guest.request('refresh-token', { token: await token({ ...grant, publish: ['microphone'] }) });
    const cameraIsClosed = { trackId: camera.trackId, userId: 'guest' };
    expect(await guest.event('producer-closed')).toEqual(cameraIsClosed);
    expect(await host.client.event('producer-closed')).toEqual(cameraIsClosed);
    await guest.request('pause-producer', { trackId: microphone.trackId });
    await guest.request('resume-consumer', { consumerId: consumer.consumerId });

    await guest.request('refresh-token', { token: await token({ publish: ['microphone'] }) });
    expect((await guest.event('consumer-closed')).consumerId).toBe(consumer.consumerId);
    expect((await host.client.event('data-producer-closed')).channelId).toBe(channel.channelId);
    expect(await failureOf(guest.request('consume', { trackId: hostTrack.trackId }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await failureOf(guest.request('chat', { text: 'hi' }))).toMatchObject({ code: 'forbidden' });
    await guest.request('resume-producer', { trackId: microphone.trackId });

    await guest.request('refresh-token', { token: await token({}) });
    expect((await host.client.event('producer-closed')).trackId).toBe(microphone.trackId);
    expect(await failureOf(guest.request('produce', publish))).toMatchObject({ code: 'forbidden' });
    expect(await failureOf(guest.request('refresh-token', { token: await token(grant) }))).toMatchObject({
      code: 'forbidden',
    });
    await Promise.all([host.client.close(), guest.close()]);
  });

  test('takes moderation away from an admin who becomes a participant', async () => {
    const host = await join(server, 'hanna', 'deposed');
    const admin = await SignalingClient.connect(server.url, await server.token('root', ['admin']), 'deposed');
    await admin.request('join', { protocol: 'mediasoup' });
    await admin.request('lock', {});
    await admin.request('refresh-token', { token: await server.token('root', ['participant']) });
    expect(await failureOf(admin.request('unlock', {}))).toMatchObject({ code: 'forbidden' });
    await admin.request('chat', { text: 'still here' });
    await Promise.all([host.client.close(), admin.close()]);
  });

  test('refuses a token that does not let one be in the call as one is', async () => {
    const host = await join(server, 'hanna', 'as-one-is');
    const token = (grants: Record<string, Grant>) => server.token('guest', [], { grants });
    const guest = await SignalingClient.connect(
      server.url,
      await token({ 'as-one-is': { subscribe: true, hidden: true }, elsewhere: {} }),
      'as-one-is',
    );
    await guest.request('join', { protocol: 'mediasoup' });
    for (const grants of [{ 'as-one-is': { subscribe: true } }, { elsewhere: {} }]) {
      expect(await failureOf(guest.request('refresh-token', { token: await token(grants) }))).toMatchObject({
        code: 'forbidden',
      });
    }
    await guest.request('leave', {});
    await guest.request('refresh-token', { token: await token({ elsewhere: {} }) });
    await Promise.all([host.client.close(), guest.close()]);
  });

  test('while one waits in the lobby decides with which rights one is let in', async () => {
    await createCall(server, 'hanna', { id: 'lobby', settings: { waitingRoom: true } });
    const host = await join(server, 'hanna', 'lobby');
    const guest = await connect(server, 'guest', 'lobby');
    const joined = guest.request('join', { protocol: 'mediasoup' });
    await guest.event('lobby-waiting');
    await guest.request('refresh-token', { token: await server.token('guest', ['viewer']) });
    await host.client.request('admit', {}, { targetUserId: 'guest' });
    expect((await joined).permissions).toMatchObject({ publish: [], subscribe: true, data: false });
    await Promise.all([host.client.close(), guest.close()]);
  });

  test('cannot be got around by resuming: the rights are those of the token on the new socket', async () => {
    const host = await join(server, 'hanna', 'resumed');
    const alice = await join(server, 'alice', 'resumed');
    const { trackId } = await publishMicrophone(alice.client);
    await alice.client.cut();
    const back = await SignalingClient.connect(
      server.url,
      await server.token('alice', ['viewer']),
      'resumed',
    );
    const joined = await back.request('resume', { resumeToken: alice.joined.resumeToken });
    expect(joined.permissions).toMatchObject({ publish: [], data: false });
    expect(joined.tracks).toEqual([]);
    expect((await host.client.event('producer-closed')).trackId).toBe(trackId);
    await Promise.all([host.client.close(), back.close()]);
  });
});

test('tokens of a login provider open routes and sockets; while its keys cannot be had it is 503, not 401', async () => {
  const provider = await LoginProvider.start();
  const { issuer: JWT_ISSUER, jwksUrl: JWT_JWKS_URL } = provider;
  const local = await startTestServer({ env: { JWT_ISSUER, JWT_JWKS_URL } });
  const token = await provider.sign('ec-1', { roles: ['host'] });
  const list = async (authorization: string) => {
    const { status, headers } = await fetch(`${local.url}/video-calls`, { headers: { authorization } });
    return { status, retryAfter: headers.get('retry-after') };
  };
  const own = await SignalingClient.connect(local.url, await local.token('alice'), 'provider');

  provider.failure = () => new Response('broken', { status: 500 });
  expect(await list(`Bearer ${token}`)).toEqual({ status: 503, retryAfter: '2' });
  expect((await askForUpgrade(local.url, `/video-calls/ws?token=${token}`)).status).toBe(503);
  expect(await failureOf(own.request('refresh-token', { token }))).toMatchObject({ code: 'unavailable' });
  expect((await list(`Bearer ${await local.token('alice')}`)).status).toBe(200);
  const forged = await provider.sign('ec-1', { roles: ['admin'], iss: 'kaa' });
  expect((await list(`Bearer ${forged}`)).status).toBe(401);

  provider.failure = undefined;
  await Bun.sleep(2_000);
  expect((await list(`Bearer ${token}`)).status).toBe(200);
  await own.request('refresh-token', { token });
  const alice = await SignalingClient.connect(local.url, token, 'provider');
  await alice.request('join', { protocol: 'mediasoup' });
  await Promise.all([alice.close(), own.close()]);
  await local.close();
  await provider.stop();
}, 60_000);

test('no token reaches the log or an answer: not of a success, a refusal or a failure', async () => {
  const lines: string[] = [];
  const local = await startTestServer({ env: { LOG_LEVEL: 'trace' }, onLogLine: (line) => lines.push(line) });
  const good = await local.token('alice');
  const bad = `${good.slice(0, -4)}AAAA`;
  const opaque = 'marker-that-is-no-jwt-at-all';
  const answers: string[] = [];
  const ask = async (method: string, path: string, token: string, body?: object) => {
    const response = await fetch(`${local.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    answers.push(await response.text());
    return response.status;
  };

  expect(await ask('POST', '/video-calls', good, { id: 'logged' })).toBe(201);
  expect(await ask('POST', '/video-calls', good, { id: good })).toBe(400);
  for (const token of [bad, opaque]) {
    expect(await ask('GET', `/video-calls/logged?token=${token}`, token)).toBe(401);
    expect((await askForUpgrade(local.url, `/video-calls/ws?token=${token}`)).status).toBe(401);
  }
  expect(await ask('GET', `/nowhere?token=${good}`, good)).toBe(404);
  expect(await ask('GET', '/openapi/json', good)).toBe(200);
  const { client } = await join(local, 'alice', 'logged');
  await failureOf(client.request('refresh-token', { token: bad }));
  client.send({ type: good, roomId: 'logged' });

  // A failure that nobody foresaw, and that has the token in all of its parts.
  const url = `https://user:${opaque}@elsewhere.example/?token=${opaque}#token=${opaque}`;
  const failure = new Error(`cannot reach ${url} with ${good}`, { cause: new Error(bad) });
  const fail = () =>
    Promise.reject(Object.assign(failure, { path: url, request: { headers: { cookie: good } } }));
  const { registry } = local.app.calls;
  const broken = [
    spyOn(registry, 'exclusively').mockImplementation(fail),
    spyOn(registry, 'open').mockImplementation(fail),
  ];
  expect(await ask('DELETE', `/video-calls/logged?token=${good}`, good)).toBe(500);
  const other = await connect(local, 'bob', 'logged');
  const refusal = await failureOf(other.request('join', { protocol: 'mediasoup' }));
  expect(refusal).toMatchObject({ code: 'internal' });
  answers.push(String(refusal));
  for (const spy of broken) spy.mockRestore();
  await Promise.all([client.close(), other.close()]);
  await local.close();

  expect(lines.filter((line) => line.includes('cannot reach'))).toHaveLength(2);
  for (const text of [...lines, ...answers]) {
    expect(text).not.toContain('eyJ');
    expect(text).not.toContain(opaque);
  }
}, 60_000);
