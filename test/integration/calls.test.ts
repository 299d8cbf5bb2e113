import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { opusParameters, simulcastParameters, vp8Parameters } from '../support/rtp.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

async function connect(userId: string, roomId: string): Promise<SignalingClient> {
  return SignalingClient.connect(server.url, await server.token(userId), roomId);
}

async function join(userId: string, roomId: string) {
  const client = await connect(userId, roomId);
  const joined = await client.request('join', { protocol: 'mediasoup' });
  return { client, joined };
}

async function publishMicrophone(client: SignalingClient) {
  const { transportId } = await client.request('create-transport', { direction: 'send' });
  return client.request('produce', {
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters: opusParameters(),
  });
}

describe('a call', () => {
  test('is one, also when it is created while somebody opens it by joining', async () => {
    const authorization = `Bearer ${await server.token('alice')}`;
    const [pid] = server.app.calls.media.workerPids;
    const client = await connect('alice', 'contested');
    process.kill(pid!, 'SIGSTOP');
    const joining = client.request('join', { protocol: 'mediasoup' });
    await Bun.sleep(100);
    const creating = fetch(`${server.url}/video-calls`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'contested' }),
    });
    await Bun.sleep(100);
    process.kill(pid!, 'SIGCONT');
    expect((await creating).status).toBe(409);
    const { callId } = await joining;
    const response = await fetch(`${server.url}/video-calls/contested`, { headers: { authorization } });
    expect(await response.json()).toMatchObject({ callId, status: 'active' });
    await client.close();
  });

  test('tells who is there, who comes, what is published, and who leaves', async () => {
    const alice = await join('alice', 'meeting');
    expect(alice.joined.participants).toEqual([]);
    expect(alice.joined.permissions.moderate).toBe(true);
    const { trackId } = await publishMicrophone(alice.client);

    const bob = await join('bob', 'meeting');
    expect(bob.joined.participants.map(({ userId }) => userId)).toEqual(['alice']);
    expect(bob.joined.participants[0]?.tracks[0]).toMatchObject({
      trackId,
      source: 'microphone',
      isPaused: false,
    });
    expect(bob.joined.permissions.moderate).toBe(false);
    expect((await alice.client.event('participant-joined')).participant.userId).toBe('bob');

    await alice.client.request('mute', {});
    const updated = await bob.client.event('participant-updated');
    expect(updated.participant.tracks[0]?.isPaused).toBe(true);

    await bob.client.close();
    expect(await alice.client.event('participant-left')).toEqual({ userId: 'bob', reason: 'disconnected' });
    await alice.client.close();
  });

  test('`joined` comes as an event too, first, and `seq` grows by one', async () => {
    const { client } = await join('alice', 'sequence');
    const other = await join('bob', 'sequence');
    await other.client.request('leave', {});
    await client.event('participant-left', () => true);
    const seen = client.events.map(({ type, seq }) => ({ type, seq }));
    expect(seen[0]).toEqual({ type: 'joined', seq: 1 });
    expect(seen[1]).toEqual({ type: 'participant-joined', seq: 2 });
    await Promise.all([client.close(), other.client.close()]);
  });

  test('consumers are born paused, follow the pause of their producer, and end with it', async () => {
    const alice = await join('alice', 'consuming');
    const bob = await join('bob', 'consuming');
    const { trackId, generation } = await publishMicrophone(alice.client);
    expect(generation).toBe(1);
    expect((await bob.client.event('producer-added')).track.trackId).toBe(trackId);
    expect(await failureOf(bob.client.request('consume', { trackId }))).toMatchObject({
      code: 'invalid_state',
    });
    await bob.client.request('create-transport', {
      direction: 'recv',
      rtpCapabilities: bob.joined.routerRtpCapabilities,
    });
    const consumer = await bob.client.request('consume', { trackId });
    expect(consumer).toMatchObject({ trackId, userId: 'alice', kind: 'audio', isProducerPaused: false });
    expect(await failureOf(bob.client.request('consume', { trackId }))).toMatchObject({
      code: 'invalid_state',
    });
    await bob.client.request('resume-consumer', { consumerId: consumer.consumerId });
    await alice.client.request('pause-producer', { trackId });
    expect((await bob.client.event('consumer-paused')).consumerId).toBe(consumer.consumerId);
    await alice.client.request('close-producer', { trackId });
    expect((await bob.client.event('consumer-closed')).trackId).toBe(trackId);
    expect((await bob.client.event('producer-closed')).trackId).toBe(trackId);
    expect(
      await failureOf(bob.client.request('resume-consumer', { consumerId: consumer.consumerId })),
    ).toMatchObject({ code: 'not_found' });
    await Promise.all([alice.client.close(), bob.client.close()]);
  });

  test('a data channel is told to everyone, listened to, and gone with who opened it', async () => {
    const alice = await join('alice', 'channels');
    const bob = await join('bob', 'channels');
    const send = await alice.client.request('create-transport', { direction: 'send', hasData: true });
    expect(send.sctpParameters).toMatchObject({ port: 5000 });
    const { channelId } = await alice.client.request('produce-data', {
      transportId: send.transportId,
      sctpStreamParameters: { streamId: 0, ordered: true },
      label: 'whiteboard',
    });
    expect((await bob.client.event('data-producer-added')).channel).toEqual({
      channelId,
      userId: 'alice',
      label: 'whiteboard',
      protocol: '',
    });
    await bob.client.request('create-transport', {
      direction: 'recv',
      rtpCapabilities: bob.joined.routerRtpCapabilities,
      hasData: true,
    });
    const consumer = await bob.client.request('consume-data', { channelId });
    expect(consumer).toMatchObject({ channelId, userId: 'alice', label: 'whiteboard' });
    const late = await join('carol', 'channels');
    expect(late.joined.participants.find(({ userId }) => userId === 'alice')?.channels).toHaveLength(1);
    await alice.client.close();
    expect(await bob.client.event('data-producer-closed')).toEqual({ channelId, userId: 'alice' });
    expect((await bob.client.event('data-consumer-closed')).dataConsumerId).toBe(consumer.dataConsumerId);
    await Promise.all([bob.client.close(), late.client.close()]);
  });

  test('a publisher is told the highest layer that anyone shows', async () => {
    const alice = await join('alice', 'layers');
    const bob = await join('bob', 'layers');
    const { transportId } = await alice.client.request('create-transport', { direction: 'send' });
    const { trackId } = await alice.client.request('produce', {
      transportId,
      kind: 'video',
      source: 'camera',
      rtpParameters: simulcastParameters(),
    });
    await bob.client.request('create-transport', {
      direction: 'recv',
      rtpCapabilities: bob.joined.routerRtpCapabilities,
    });
    const { consumerId, type } = await bob.client.request('consume', { trackId });
    expect(type).toBe('simulcast');
    await bob.client.request('resume-consumer', { consumerId });
    await bob.client.request('set-preferred-layers', { consumerId, spatialLayer: 0 });
    expect(await alice.client.event('publish-layers')).toEqual({ trackId, spatialLayer: 0 });
    await bob.client.request('set-preferred-layers', { consumerId, spatialLayer: 1 });
    expect(await alice.client.event('publish-layers')).toEqual({ trackId, spatialLayer: 1 });
    await bob.client.close();
    expect(await alice.client.event('publish-layers')).toEqual({ trackId, spatialLayer: null });
    await alice.client.close();
  });

  test('a track keeps its id when its transport is made again', async () => {
    const { client } = await join('alice', 'rebuilding');
    const first = await publishMicrophone(client);
    const { transportId, generation } = await client.request('create-transport', { direction: 'send' });
    expect(generation).toBe(2);
    const again = await client.request('produce', {
      transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(),
      trackId: first.trackId,
    });
    expect(again.trackId).toBe(first.trackId);
    expect(again.producerId).not.toBe(first.producerId);
    expect(again.generation).toBe(2);
    await client.close();
  });

  test('what is wrong with a message is said, and the call goes on', async () => {
    const alice = await join('alice', 'mistakes');
    const { transportId } = await alice.client.request('create-transport', { direction: 'send' });
    const track = { transportId, kind: 'video' as const, source: 'camera' as const };
    const unknownCodec = {
      ...vp8Parameters(),
      codecs: [{ mimeType: 'video/H261', payloadType: 31, clockRate: 90_000 }],
    };
    expect(
      await failureOf(alice.client.request('produce', { ...track, rtpParameters: unknownCodec })),
    ).toMatchObject({ code: 'unsupported_codec' });
    expect(
      await failureOf(
        alice.client.request('produce', { ...track, kind: 'audio', rtpParameters: opusParameters() }),
      ),
    ).toMatchObject({ code: 'invalid_message' });
    expect(
      await failureOf(alice.client.request('chat', { text: 'hi' }, { targetUserId: 'nobody' })),
    ).toMatchObject({ code: 'not_found' });
    expect(await failureOf(alice.client.request('ping', {}, { userId: 'bob' }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await failureOf(alice.client.request('mute', {}, { roomId: 'elsewhere' }))).toMatchObject({
      code: 'not_joined',
    });
    expect(await failureOf(alice.client.request('join', { protocol: 'mediasoup' }))).toMatchObject({
      code: 'already_joined',
    });
    expect(
      (await alice.client.request('produce', { ...track, rtpParameters: vp8Parameters() })).generation,
    ).toBe(1);
    await alice.client.close();
  });

  test('three messages that nobody can understand close the socket with 4400', async () => {
    const alice = await join('alice', 'nonsense');
    alice.client.send('{"type":');
    alice.client.send(new Uint8Array([1, 2, 3]));
    alice.client.send({ type: 'no-such-thing', roomId: 'nonsense' });
    expect((await alice.client.closed).code).toBe(4400);
  });

  test('a message over the limit closes the socket with 1009', async () => {
    const alice = await join('alice', 'too-long');
    alice.client.send({ type: 'chat', roomId: 'too-long', data: { text: 'x'.repeat(70_000) } });
    expect((await alice.client.closed).code).toBe(1009);
  });

  test('a flooding client is closed with 4429, alone', async () => {
    const alice = await join('alice', 'flood');
    const bob = await join('bob', 'flood');
    for (let count = 0; count < 1_000; count += 1) alice.client.send({ type: 'ping', roomId: 'flood' });
    expect((await alice.client.closed).code).toBe(4429);
    expect(await bob.client.event('participant-left')).toEqual({ userId: 'alice', reason: 'flooding' });
    await bob.client.request('ping', {});
    await bob.client.close();
  });

  test('chat reaches everyone else, or only the one it is meant for', async () => {
    const [alice, bob, carol] = [
      await join('alice', 'chat'),
      await join('bob', 'chat'),
      await join('carol', 'chat'),
    ];
    await alice.client.request('chat', { text: 'to all' });
    await alice.client.request('chat', { text: 'to bob' }, { targetUserId: 'bob' });
    expect(await bob.client.event('chat')).toMatchObject({
      userId: 'alice',
      text: 'to all',
      isPrivate: false,
    });
    expect(await bob.client.event('chat')).toMatchObject({ text: 'to bob', isPrivate: true });
    expect(await carol.client.event('chat')).toMatchObject({ text: 'to all' });
    await carol.client.request('ping', {});
    expect(carol.client.events.filter(({ type }) => type === 'chat')).toEqual([]);
    await Promise.all([alice, bob, carol].map(({ client }) => client.close()));
  });
});

describe('who may come in', () => {
  test('two joins at the same instant make one room', async () => {
    const names = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
    const clients = await Promise.all(names.map((name) => connect(name, 'same-instant')));
    const joined = await Promise.all(
      clients.map((client) => client.request('join', { protocol: 'mediasoup' })),
    );
    expect(new Set(joined.map(({ callId }) => callId)).size).toBe(1);
    expect((await server.app.calls.media.dump()).routers).toBe(server.app.calls.registry.size);
    expect(Math.max(...joined.map(({ participants }) => participants.length))).toBe(names.length - 1);
    await Promise.all(clients.map((client) => client.close()));
  });

  test('the one over maxParticipants is told call_full', async () => {
    const authorization = `Bearer ${await server.token('alice')}`;
    const created = await fetch(`${server.url}/video-calls`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'small', maxParticipants: 2 }),
    });
    expect(created.status).toBe(201);
    const [alice, bob] = [await join('alice', 'small'), await join('bob', 'small')];
    const carol = await connect('carol', 'small');
    expect(await failureOf(carol.request('join', { protocol: 'mediasoup' }))).toMatchObject({
      code: 'call_full',
    });
    await bob.client.close();
    await alice.client.event('participant-left');
    expect((await carol.request('join', { protocol: 'mediasoup' })).participants).toHaveLength(1);
    await Promise.all([alice.client.close(), carol.close()]);
  });

  test('a user who joins twice replaces the first socket, even in a full call', async () => {
    const first = await join('alice', 'twice');
    const watcher = await join('bob', 'twice');
    const second = await join('alice', 'twice');
    expect(await first.client.closed).toEqual({ code: 4409, reason: 'you joined from somewhere else' });
    expect(await watcher.client.event('participant-left')).toEqual({ userId: 'alice', reason: 'replaced' });
    expect((await watcher.client.event('participant-joined')).participant.userId).toBe('alice');
    expect(second.joined.participants.map(({ userId }) => userId)).toEqual(['bob']);
    await Promise.all([second.client.close(), watcher.client.close()]);
  });

  test('no token, a bad token and a foreign page are refused at the upgrade', async () => {
    const upgrade = (headers: Record<string, string>) =>
      fetch(`${server.url}/video-calls/ws`, {
        headers: {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          ...headers,
        },
      });
    expect((await upgrade({})).status).toBe(401);
    expect((await upgrade({ authorization: 'Bearer a.b.c' })).status).toBe(401);
    const authorization = `Bearer ${await server.token('alice')}`;
    expect((await upgrade({ authorization, origin: 'https://evil.example' })).status).toBe(403);
  });

  test('ending the call tells everyone and closes their sockets with 4404', async () => {
    const alice = await join('alice', 'ending');
    const bob = await join('bob', 'ending');
    const end = async (userId: string) =>
      fetch(`${server.url}/video-calls/ending`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${await server.token(userId)}` },
      });
    expect((await end('bob')).status).toBe(403);
    const ended = await end('alice');
    expect(await ended.json()).toMatchObject({ status: 'ended', endReason: 'ended-by-host' });
    expect(await bob.client.event('call-ended')).toEqual({ reason: 'ended-by-host' });
    expect((await bob.client.closed).code).toBe(4404);
    expect((await alice.client.closed).code).toBe(4404);
    expect((await end('alice')).status).toBe(200);
  });
});
