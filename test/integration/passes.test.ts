import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Identity, type Role, Tokens } from '../../src/auth/index.ts';
import { failureOf } from '../support/failure.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

const tokens = new Tokens(JWT_SECRET);
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    env: {
      WEBRTC_TURN_SERVER_URL: 'turn:turn.example.com:3478',
      WEBRTC_TURN_SECRET: 'a-secret-that-the-turn-server-knows-too',
    },
  });
}, 60_000);

afterAll(() => server.close());

async function post(path: string, token: string, body?: unknown) {
  const response = await fetch(`${server.url}/video-calls${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function create(id: string, options: { as?: string; access?: 'open' | 'invited' } = {}) {
  await post('', await server.token(options.as ?? 'hanna'), { id, access: options.access ?? 'open' });
}

async function joinBy(token: string, roomId: string) {
  const client = await SignalingClient.connect(server.url, token, roomId);
  return { client, joined: await client.request('join', { protocol: 'mediasoup' }) };
}

function identityOf(token: string): Promise<Identity> {
  return tokens.verify(token);
}

describe('POST /video-calls/:id/join', () => {
  test('gives a token for this call, with what the caller may do in it, and all that is needed to connect', async () => {
    await create('pass');
    const { status, body } = await post('/pass/join', await server.token('paul', ['participant']));
    expect(status).toBe(200);
    expect(body.wsUrl).toBe(`${server.url.replace('http', 'ws')}/video-calls/ws`);
    const [turn] = body.iceServers.slice(-1);
    expect(turn.urls).toEqual(['turn:turn.example.com:3478']);
    expect(turn.username).toEndWith(':paul');
    expect(turn.credential).toBeString();
    const { joined, client } = await joinBy(body.token, 'pass');
    expect(joined).toMatchObject({ userId: 'paul', permissions: { moderate: false, data: true } });
    await client.close();
    expect((await post('', body.token, {})).body.error).toBe('forbidden');
    await create('elsewhere');
    expect((await post('/elsewhere/join', body.token)).body.error).toBe('forbidden');
  });

  test('never gives more than the caller has, nor for longer', async () => {
    await create('narrow');
    const own = await tokens.issue({
      userId: 'otto',
      roles: ['admin'],
      grants: { narrow: { subscribe: true, hidden: true } },
      lifetimeSeconds: 60,
    });
    const { body } = await post('/narrow/join', own.token);
    const identity = await identityOf(body.token);
    expect(identity.grants?.get('narrow')).toEqual({ publish: [], subscribe: true, hidden: true });
    expect([...identity.roles]).toEqual([]);
    expect(identity.expiresAt.getTime()).toBeLessThanOrEqual(own.expiresAt.getTime());
    const host = await identityOf((await post('/narrow/join', await server.token('hanna'))).body.token);
    expect(host.grants?.get('narrow')).toMatchObject({ moderate: true, record: true });
    expect(host.expiresAt.getTime()).toBeLessThan(Date.now() + 3_601_000);
  });

  test('refuses who may not join', async () => {
    await create('closed', { access: 'invited' });
    expect(await post('/closed/join', await server.token('paul', ['participant']))).toMatchObject({
      status: 403,
      body: { error: 'forbidden' },
    });
    expect((await post('/ws/join', await server.token('paul'))).status).toBe(400);
    expect(await post('/unknown/join', await server.token('vera', ['viewer']))).toMatchObject({
      status: 404,
      body: { error: 'call_not_found' },
    });
  });

  test('makes a call that nobody made, and who asked is its host; asking twice at once makes one', async () => {
    const token = await server.token('alice', ['participant']);
    const [first, second] = await Promise.all([post('/fresh/join', token), post('/fresh/join', token)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    const response = await fetch(`${server.url}/video-calls/fresh`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ createdBy: 'alice', status: 'scheduled' });
    const { joined, client } = await joinBy(first.body.token, 'fresh');
    expect(joined.permissions.moderate).toBe(true);
    await client.close();
  });

  test('is not confused by a call that lives already', async () => {
    const alice = await joinBy(await server.token('alice'), 'living');
    const { body } = await post('/living/join', await server.token('bob', ['viewer']));
    const bob = await joinBy(body.token, 'living');
    expect(bob.joined.callId).toBe(alice.joined.callId);
    expect(bob.joined.permissions.publish).toEqual([]);
    await Promise.all([alice.client.close(), bob.client.close()]);
  });
});

describe('POST /video-calls/:id/invites', () => {
  test('lets a guest into a call that is closed to others, by a link to the page', async () => {
    await create('party', { access: 'invited' });
    const { status, body } = await post('/party/invites', await server.token('hanna'), {
      name: 'Grace',
      expiresInMs: 60_000,
    });
    expect(status).toBe(201);
    expect(body.url).toBe(`${server.url}/call/party#token=${body.token}`);
    expect(body.userId).toStartWith('guest-');
    expect(new Date(body.expiresAt).getTime()).toBeLessThanOrEqual(Date.now() + 60_000);
    const { joined, client } = await joinBy(body.token, 'party');
    expect(joined).toMatchObject({
      userId: body.userId,
      name: 'Grace',
      permissions: { publish: ['microphone', 'camera', 'screen'], subscribe: true, moderate: false },
    });
    await client.close();
  });

  test('gives exactly the rights that are named', async () => {
    await create('rights');
    const { body } = await post('/rights/invites', await server.token('hanna'), {
      userId: 'deputy',
      permissions: { publish: ['microphone'], moderate: true },
    });
    const deputy = await identityOf(body.token);
    expect(deputy.userId).toBe('deputy');
    expect(deputy.grants?.get('rights')).toEqual({ publish: ['microphone'], moderate: true });

    const handedOn = await post('/rights/invites', body.token, { permissions: { publish: ['microphone'] } });
    expect(handedOn.status).toBe(201);
    expect(await post('/rights/invites', body.token, { permissions: { publish: ['camera'] } })).toMatchObject(
      {
        status: 403,
        body: { error: 'forbidden' },
      },
    );
  });

  test('is for moderators, of a call that goes on, with rights and names that exist', async () => {
    await create('guarded');
    const invite = async (userId: string, body: unknown, roles: Role[] = ['host']) =>
      (await post('/guarded/invites', await server.token(userId, roles), body)).status;
    expect(await invite('stranger', {})).toBe(404);
    expect(await invite('hanna', { userId: 'sfu' })).toBe(400);
    expect(await invite('hanna', { permissions: { moderat: true } })).toBe(400);
    expect(await invite('hanna', { expiresInMs: 10 })).toBe(400);
    expect(await invite('root', {}, ['admin'])).toBe(201);
    expect(await invite('hanna', undefined)).toBe(201);
    const { body } = await post('/guarded/join', await server.token('paul', ['participant']));
    expect((await post('/guarded/invites', body.token, {})).body.error).toBe('forbidden');
    const authorization = `Bearer ${await server.token('hanna')}`;
    await fetch(`${server.url}/video-calls/guarded`, { method: 'DELETE', headers: { authorization } });
    expect(await invite('hanna', {})).toBe(409);
  });
});

test('links lead to PUBLIC_BASE_URL where it is set, and a call that nobody made is none without CALL_AUTO_CREATE', async () => {
  const other = await startTestServer({
    env: { PUBLIC_BASE_URL: 'https://calls.example.com/', CALL_AUTO_CREATE: 'off' },
  });
  const ask = async (path: string, body: unknown) => {
    const response = await fetch(`${other.url}/video-calls${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await other.token('hanna')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };
  expect((await ask('/public/join', {})).error).toBe('call_not_found');
  await ask('', { id: 'public' });
  expect((await ask('/public/join', {})).wsUrl).toBe('wss://calls.example.com/video-calls/ws');
  expect((await ask('/public/invites', {})).url).toStartWith('https://calls.example.com/call/public#token=');
  await other.close();
  expect(await failureOf(fetch(other.url))).toBeInstanceOf(Error);
}, 60_000);
