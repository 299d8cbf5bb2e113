import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import type { Emitter } from '../../src/lib/index.ts';
import { failureOf } from '../support/failure.ts';
import { connect, createCall, join, publishMicrophone, receive } from '../support/people.ts';
import { simulcastParameters } from '../support/rtp.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env: { RECONNECT_GRACE: '1s' } });
}, 60_000);

afterAll(() => server.close());

test('one whose socket is cut comes back with the same tracks, transports and consumers, and hears what was said', async () => {
  const alice = await join(server, 'alice', 'cut');
  const bob = await join(server, 'bob', 'cut');
  const { trackId } = await publishMicrophone(alice.client);
  const bobTrack = await publishMicrophone(bob.client);
  await alice.client.request('create-transport', {
    direction: 'recv',
    rtpCapabilities: alice.joined.routerRtpCapabilities,
  });
  const { consumerId } = await alice.client.request('consume', { trackId: bobTrack.trackId });
  const transportsBefore = (await server.app.calls.media.dump()).transports;

  await alice.client.cut();
  const away = await bob.client.event('participant-updated', ({ participant }) => !participant.isConnected);
  expect(away.participant.tracks.map((track) => track.trackId)).toEqual([trackId]);
  const carol = await join(server, 'carol', 'cut');
  await bob.client.request('chat', { text: 'are you there?' });
  await bob.client.request('close-producer', { trackId: bobTrack.trackId });

  const back = await connect(server, 'alice', 'cut');
  const joined = await back.request('resume', { resumeToken: alice.joined.resumeToken });
  expect(joined.isResumed).toBe(true);
  expect(joined.tracks.map((track) => track.trackId)).toEqual([trackId]);
  expect(joined.consumers.map((consumer) => consumer.consumerId)).not.toContain(consumerId);
  expect(joined.changes).toEqual({
    participantsJoined: ['carol'],
    participantsLeft: [],
    tracksAdded: [],
    tracksClosed: [bobTrack.trackId],
  });
  expect(back.events.map(({ type, seq }) => ({ type, seq }))).toEqual([
    { type: 'joined', seq: 1 },
    { type: 'participant-updated', seq: 2 },
    { type: 'chat', seq: 3 },
  ]);
  expect((await server.app.calls.media.dump()).transports).toBe(transportsBefore);
  expect(
    (await bob.client.event('participant-updated', ({ participant }) => participant.isConnected)).participant
      .userId,
  ).toBe('alice');
  expect(bob.client.events.filter(({ type }) => type === 'participant-left')).toEqual([]);
  await back.request('pause-producer', { trackId });
  await Promise.all([back, bob.client, carol.client].map((client) => client.close()));
});

test('a resume takes over from a socket that is still open', async () => {
  const alice = await join(server, 'alice', 'takeover');
  const { trackId } = await publishMicrophone(alice.client);
  const second = await connect(server, 'alice', 'takeover');
  const joined = await second.request('resume', { resumeToken: alice.joined.resumeToken });
  expect((await alice.client.closed).code).toBe(4409);
  expect(joined.tracks.map((track) => track.trackId)).toEqual([trackId]);
  const third = await connect(server, 'alice', 'takeover');
  expect((await third.request('resume', { resumeToken: joined.resumeToken })).isResumed).toBe(true);
  expect((await second.closed).code).toBe(4409);
  await third.close();
});

test('one who comes back is told which layers are wanted, as nobody knows what was missed', async () => {
  const alice = await join(server, 'alice', 'layers');
  const bob = await join(server, 'bob', 'layers');
  const { transportId } = await alice.client.request('create-transport', { direction: 'send' });
  const { trackId } = await alice.client.request('produce', {
    transportId,
    kind: 'video',
    source: 'camera',
    rtpParameters: simulcastParameters(),
  });
  await receive(bob.client, bob.joined);
  const { consumerId } = await bob.client.request('consume', { trackId });
  await bob.client.request('resume-consumer', { consumerId });
  await bob.client.request('pause-consumer', { consumerId });
  expect(await alice.client.event('publish-layers')).toEqual({ trackId, spatialLayer: null });
  await alice.client.cut();
  await bob.client.request('resume-consumer', { consumerId });
  const back = await connect(server, 'alice', 'layers');
  await back.request('resume', { resumeToken: alice.joined.resumeToken });
  expect(await back.event('publish-layers')).toEqual({ trackId, spatialLayer: 2 });
  await Promise.all([back, bob.client].map((client) => client.close()));
});

test('whoever comes back again and again leaves nothing behind', async () => {
  const { client, joined } = await join(server, 'alice', 'flaky');
  const { participants } = server.app.calls.registry.get('flaky')!;
  const listeners = () =>
    (participants.get('alice')!.events as Emitter<Record<string, unknown>>).listenerCount;
  const before = listeners();
  let last = client;
  for (let round = 0; round < 3; round += 1) {
    await last.cut();
    last = await connect(server, 'alice', 'flaky');
    await last.request('resume', { resumeToken: joined.resumeToken });
  }
  expect(listeners()).toBe(before);
  await last.close();
});

test('a resume token is good for nobody else, no other call, no access, and not after the grace or a removal', async () => {
  const alice = await join(server, 'alice', 'tokens');
  const bob = await join(server, 'bob', 'tokens');
  const { resumeToken } = bob.joined;
  const mallory = await connect(server, 'mallory', 'tokens');
  expect(await failureOf(mallory.request('resume', { resumeToken }))).toMatchObject({ code: 'forbidden' });
  expect(await failureOf(mallory.request('resume', { resumeToken: 'a.b.c' }))).toMatchObject({
    code: 'unauthenticated',
  });
  const elsewhere = await connect(server, 'bob', 'elsewhere');
  expect(await failureOf(elsewhere.request('resume', { resumeToken }))).toMatchObject({ code: 'forbidden' });
  const asAccess = await fetch(`${server.url}/video-calls`, {
    headers: { authorization: `Bearer ${resumeToken}` },
  });
  expect(asAccess.status).toBe(401);
  expect(
    await failureOf(mallory.request('resume', { resumeToken: await server.token('mallory') })),
  ).toMatchObject({ code: 'unauthenticated' });

  await bob.client.cut();
  expect(await alice.client.event('participant-left')).toEqual({ userId: 'bob', reason: 'disconnected' });
  const late = await connect(server, 'bob', 'tokens');
  expect(await failureOf(late.request('resume', { resumeToken }))).toMatchObject({ code: 'invalid_state' });
  const again = await late.request('join', { protocol: 'mediasoup' });
  await alice.client.request('remove-participant', {}, { targetUserId: 'bob' });
  await late.closed;
  const removed = await connect(server, 'bob', 'tokens');
  expect(await failureOf(removed.request('resume', { resumeToken: again.resumeToken }))).toMatchObject({
    code: 'invalid_state',
  });
  await Promise.all([alice.client, mallory, elsewhere, removed].map((client) => client.close()));
});

test('after a message that was too long nothing is left to resume, and one joins anew', async () => {
  const { client, joined } = await join(server, 'alice', 'too-long');
  client.send({ type: 'chat', roomId: 'too-long', data: { text: 'x'.repeat(100_000) } });
  expect((await client.closed).code).toBe(1009);
  const again = await connect(server, 'alice', 'too-long');
  expect(await failureOf(again.request('resume', { resumeToken: joined.resumeToken }))).toMatchObject({
    code: 'invalid_state',
  });
  expect((await again.request('join', { protocol: 'mediasoup' })).isResumed).toBe(false);
  await again.close();
});

test('one who closes the socket has left: there is nothing to resume', async () => {
  const { client, joined } = await join(server, 'alice', 'closed');
  await client.close();
  const again = await connect(server, 'alice', 'closed');
  expect(await failureOf(again.request('resume', { resumeToken: joined.resumeToken }))).toMatchObject({
    code: 'invalid_state',
  });
  await again.close();
});

test('after a restart one who speaks SDP is offered again, as before', async () => {
  const dataDir = await createDataDir();
  const before = await startTestServer({ dataDir });
  const client = await connect(before, 'sam', 'spoken');
  const { resumeToken } = await client.request('join', { protocol: 'sdp' });
  await client.event('offer');
  await before.close();
  const after = await startTestServer({ dataDir });
  const back = await connect(after, 'sam', 'spoken');
  const joined = await back.request('resume', { resumeToken });
  expect(joined).toMatchObject({ protocol: 'sdp', isResumed: false });
  expect(await back.event('offer')).toMatchObject({ connection: 'subscribe', tracks: {} });
  await back.close();
  await after.close();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

test('after a restart one comes back into the same call with new transports, and waits in no lobby', async () => {
  const dataDir = await createDataDir();
  const before = await startTestServer({ dataDir });
  await createCall(before, 'hanna', { id: 'restarted', settings: { waitingRoom: true } });
  const hanna = await join(before, 'hanna', 'restarted');
  const guest = await connect(before, 'ivan', 'restarted');
  const admission = guest.request('join', { protocol: 'mediasoup', name: 'Ivan' });
  await hanna.client.event('lobby-waiting');
  await hanna.client.request('admit', {}, { targetUserId: 'ivan' });
  const { resumeToken, callId } = await admission;
  await before.close();

  const after = await startTestServer({ dataDir });
  const back = await connect(after, 'ivan', 'restarted');
  const joined = await back.request('resume', { resumeToken });
  expect(joined).toMatchObject({ isResumed: false, callId, name: 'Ivan', tracks: [], consumers: [] });
  await publishMicrophone(back);
  await after.close();
  await rm(dataDir, { recursive: true });
}, 60_000);
