import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Grant, type Role, Tokens } from '../../src/auth/index.ts';
import { opusParameters } from '../support/rtp.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

async function join(userId: string, roomId: string, grant?: Grant) {
  const request = { userId, grants: { [roomId]: grant ?? {} }, lifetimeSeconds: 60 };
  const token = grant ? (await new Tokens(JWT_SECRET).issue(request)).token : await server.token(userId);
  const client = await SignalingClient.connect(server.url, token, roomId);
  await client.request('join', { protocol: 'mediasoup' });
  return client;
}

async function get(path: string, userId: string, roles?: Role[]) {
  const response = await fetch(`${server.url}/video-calls${path}`, {
    headers: { authorization: `Bearer ${await server.token(userId, roles)}` },
  });
  return { status: response.status, body: await response.json() };
}

describe('GET /video-calls/:id/participants', () => {
  test('tells who was there and who is, page by page, and of the hidden to admins only', async () => {
    const alice = await join('alice', 'present');
    const bob = await join('bob', 'present');
    const spy = await join('spy', 'present', { subscribe: true, hidden: true });
    await bob.request('leave', {});
    const { status, body } = await get('/present/participants', 'bob');
    expect(status).toBe(200);
    expect(body.participants).toMatchObject([
      { userId: 'alice', leftAt: null, leaveReason: null, isPresent: true, isHidden: false },
      { userId: 'bob', leaveReason: 'left', isPresent: false },
    ]);
    expect((await get('/present/participants?page=2&limit=1', 'alice')).body).toMatchObject({
      participants: [{ userId: 'bob' }],
      pagination: { page: 2, limit: 1, total: 2, pages: 2 },
    });
    const admin = await get('/present/participants', 'root', ['admin']);
    expect(admin.body.participants).toHaveLength(3);
    expect((await get('/present/participants', 'stranger')).status).toBe(404);
    await Promise.all([alice.close(), bob.close(), spy.close()]);
  });
});

describe('GET /video-calls/:id/stats', () => {
  test('tells of each visible participant what flows up and down; of a call that does not live, nobody', async () => {
    const alice = await join('alice', 'flowing');
    const bob = await join('bob', 'flowing');
    const spy = await join('spy', 'flowing', { subscribe: true, hidden: true });
    const { transportId } = await alice.request('create-transport', { direction: 'send' });
    const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() } as const;
    const { trackId } = await alice.request('produce', { transportId, ...microphone });
    const [first, second] = await Promise.all([get('/flowing/stats', 'bob'), get('/flowing/stats', 'alice')]);
    expect(first).toMatchObject({
      status: 200,
      body: {
        participantCount: 2,
        activeSpeaker: null,
        participants: [
          {
            userId: 'alice',
            up: { bitrate: 0, loss: null, tracks: [{ trackId, kind: 'audio', layers: null }] },
          },
          { userId: 'bob', up: { tracks: [] }, down: { score: null, tracks: [] } },
        ],
      },
    });
    expect(second.body).toEqual(first.body);
    expect((await get('/flowing/stats', 'stranger')).status).toBe(404);
    await Promise.all([alice.close(), bob.close(), spy.close()]);
    const authorization = `Bearer ${await server.token('alice')}`;
    await fetch(`${server.url}/video-calls/flowing`, { method: 'DELETE', headers: { authorization } });
    expect((await get('/flowing/stats', 'alice')).body).toMatchObject({
      participantCount: 0,
      participants: [],
    });
  });
});

describe('GET /video-calls/:id/analytics', () => {
  test('adds up a call that goes on, and keeps it when the call has ended', async () => {
    const alice = await join('alice', 'counted');
    const bob = await join('bob', 'counted');
    const { transportId } = await alice.request('create-transport', { direction: 'send' });
    const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() } as const;
    await alice.request('produce', { transportId, ...microphone });
    await alice.request('chat', { text: 'hello' });
    await alice.request('chat', { text: 'only you' }, { targetUserId: 'bob' });
    await bob.request('leave', {});
    await bob.request('join', { protocol: 'mediasoup' });
    await bob.request('chat', { text: 'back' });

    const people = {
      joined: 3,
      left: 1,
      reconnects: 1,
      participants: { total: 2, peak: 2 },
      chatMessages: 3,
    };
    const live = (await get('/counted/analytics', 'alice')).body;
    expect(live).toMatchObject({ id: 'counted', endedAt: null, ...people });
    expect(live.users).toMatchObject([
      { userId: 'alice', stays: 1, chatMessages: 2 },
      { userId: 'bob', stays: 2, chatMessages: 1 },
    ]);

    const authorization = `Bearer ${await server.token('alice')}`;
    await fetch(`${server.url}/video-calls/counted`, { method: 'DELETE', headers: { authorization } });
    const ended = (await get('/counted/analytics', 'alice')).body;
    expect(ended).toMatchObject({ ...people, left: 3, talkTimeMs: 0 });
    expect(ended.durationMs).toBeGreaterThan(0);
    expect(ended.users).toMatchObject(
      live.users.map(({ userId, chatMessages }: Record<string, unknown>) => ({ userId, chatMessages })),
    );
    expect((await get('/counted/analytics', 'stranger')).status).toBe(404);
  });
});
