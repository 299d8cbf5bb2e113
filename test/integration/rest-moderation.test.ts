import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Grant, Tokens } from '../../src/auth/index.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

async function join(userId: string, roomId: string, grant?: Grant) {
  const token = grant ? await grantToken(userId, roomId, grant) : await server.token(userId);
  const client = await SignalingClient.connect(server.url, token, roomId);
  await client.request('join', { protocol: 'mediasoup' });
  return client;
}

async function grantToken(userId: string, roomId: string, grant: Grant): Promise<string> {
  const request = { userId, grants: { [roomId]: grant }, lifetimeSeconds: 60 };
  return (await new Tokens(JWT_SECRET).issue(request)).token;
}

async function publishBoth(client: SignalingClient) {
  const { transportId } = await client.request('create-transport', { direction: 'send' });
  const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() } as const;
  const camera = { kind: 'video', source: 'camera', rtpParameters: vp8Parameters() } as const;
  await client.request('produce', { transportId, ...microphone });
  await client.request('produce', { transportId, ...camera });
}

async function send(method: string, path: string, token: string, body?: unknown) {
  const response = await fetch(`${server.url}/video-calls${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('a moderator', () => {
  test('mutes the microphone, or the camera, and everyone is told', async () => {
    const host = await join('hanna', 'muting');
    const guest = await join('ivan', 'muting');
    await publishBoth(guest);
    const token = await server.token('hanna');
    const muted = await send('POST', '/muting/participants/ivan/mute', token);
    expect(muted).toMatchObject({ status: 200, body: { userId: 'ivan' } });
    const pausedSources = (tracks: { source: string; isPaused: boolean }[]) =>
      tracks.filter(({ isPaused }) => isPaused).map(({ source }) => source);
    expect(pausedSources(muted.body.tracks)).toEqual(['microphone']);
    for (const client of [host, guest]) {
      expect(pausedSources((await client.event('participant-updated')).participant.tracks)).toEqual([
        'microphone',
      ]);
    }
    await send('POST', '/muting/participants/ivan/mute', token, { kind: 'video' });
    expect(pausedSources((await host.event('participant-updated')).participant.tracks)).toHaveLength(2);
    await guest.request('unmute', {});
    expect(pausedSources((await host.event('participant-updated')).participant.tracks)).toEqual(['camera']);
    expect((await send('POST', '/muting/participants/ivan/mute', token, { kind: 'screen' })).status).toBe(
      400,
    );
    await Promise.all([host.close(), guest.close()]);
  });

  test('removes somebody, who is told why, and who may come back', async () => {
    const host = await join('hanna', 'removing');
    const guest = await join('ivan', 'removing');
    const deputy = await grantToken('deputy', 'removing', { moderate: true });
    expect((await send('DELETE', '/removing/participants/ivan', deputy)).status).toBe(204);
    expect((await guest.closed).code).toBe(4403);
    expect(await host.event('participant-left')).toEqual({ userId: 'ivan', reason: 'removed' });
    expect(await send('DELETE', '/removing/participants/ivan', deputy)).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    });
    const again = await join('ivan', 'removing');
    await Promise.all([host.close(), again.close()]);
  });

  test('is the host, an admin, or who has the grant; and does not learn of the hidden', async () => {
    const host = await join('hanna', 'rights');
    const guest = await join('ivan', 'rights');
    const spy = await join('spy', 'rights', { subscribe: true, hidden: true });
    const mute = async (userId: string, token: string) =>
      (await send('POST', `/rights/participants/${userId}/mute`, token)).status;
    expect(await mute('hanna', await server.token('ivan'))).toBe(403);
    expect(await mute('hanna', await server.token('stranger'))).toBe(404);
    expect(await mute('hanna', await grantToken('x', 'rights', { publish: ['camera'] }))).toBe(403);
    expect(await mute('hanna', await grantToken('x', 'other', { moderate: true }))).toBe(403);
    expect(await mute('hanna', await server.token('root', ['admin']))).toBe(200);
    expect(await mute('spy', await server.token('hanna'))).toBe(404);
    expect(await mute('spy', await server.token('root', ['admin']))).toBe(200);
    expect(await mute('nobody', await server.token('hanna'))).toBe(404);
    await Promise.all([host.close(), guest.close(), spy.close()]);
  });
});
