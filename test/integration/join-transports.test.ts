/** Transports that come with the answer to `join`: who gets which, and what becomes of them when something goes wrong. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Joined } from '../../src/protocol/index.ts';
import { failureOf } from '../support/failure.ts';
import { connect, publishMicrophone } from '../support/people.ts';
import { opusParameters } from '../support/rtp.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

const both = { protocol: 'mediasoup', transports: { send: {}, recv: {} } } as const;

async function join(userId: string, roomId: string) {
  const client = await connect(server, userId, roomId);
  return { client, joined: await client.request('join', both) };
}

/** Holds up the one media worker while `act` runs; whatever asked it something waits. */
async function whileWorkerStands<T>(act: () => Promise<T>): Promise<T> {
  const [pid] = server.app.calls.media.workerPids;
  process.kill(pid!, 'SIGSTOP');
  try {
    return await act();
  } finally {
    process.kill(pid!, 'SIGCONT');
  }
}

function microphone({ transports }: Joined) {
  return {
    transportId: transports?.send?.transportId ?? '',
    kind: 'audio' as const,
    source: 'microphone' as const,
    rtpParameters: opusParameters(),
  };
}

test('both come with the answer, and are what create-transport would have made', async () => {
  const alice = await join('alice', 'at-once');
  expect(alice.joined.generation).toBe(1);
  const { trackId, generation } = await alice.client.request('produce', microphone(alice.joined));
  expect(generation).toBe(1);

  const bob = await join('bob', 'at-once');
  const { send, recv } = bob.joined.transports ?? {};
  expect(send?.transportId).not.toBe(recv?.transportId);
  for (const made of [send, recv]) {
    expect(made?.iceCandidates.length).toBeGreaterThan(0);
    expect(made).toMatchObject({ generation: 1, dtlsParameters: { role: 'auto' } });
  }
  const event = await bob.client.event('joined');
  expect(event.transports).toEqual(bob.joined.transports);

  const withoutCapabilities = bob.client.request('consume', { trackId });
  expect(await failureOf(withoutCapabilities)).toMatchObject({ code: 'invalid_state' });
  const { routerRtpCapabilities: rtpCapabilities } = bob.joined;
  const consumer = await bob.client.request('consume', { trackId, rtpCapabilities });
  await bob.client.request('resume-consumer', { consumerId: consumer.consumerId });
  await Promise.all([alice.client.close(), bob.client.close()]);
});

test('what a device can receive is said once, also with a message that is refused', async () => {
  const alice = await join('alice', 'said-once');
  const { trackId } = await alice.client.request('produce', microphone(alice.joined));
  const bob = await join('bob', 'said-once');
  const { routerRtpCapabilities: rtpCapabilities } = bob.joined;
  const gone = '01a1fd47-3000-7000-8000-000000000001';
  const refused = bob.client.request('consume', { trackId: gone, rtpCapabilities });
  expect(await failureOf(refused)).toMatchObject({ code: 'not_found' });
  expect(await bob.client.request('consume', { trackId })).toMatchObject({ trackId });
  await Promise.all([alice.client.close(), bob.client.close()]);
});

test('one who joins with their capabilities and for data need not say them again', async () => {
  const alice = await join('alice', 'with-data');
  const { trackId } = await alice.client.request('produce', microphone(alice.joined));
  const client = await connect(server, 'bob', 'with-data');
  const { routerRtpCapabilities: rtpCapabilities } = alice.joined;
  const joined = await client.request('join', {
    protocol: 'mediasoup',
    transports: { recv: { hasData: true, rtpCapabilities } },
  });
  expect(Object.keys(joined.transports ?? {})).toEqual(['recv']);
  expect(joined.transports?.recv?.sctpParameters).toBeDefined();
  expect(await client.request('consume', { trackId })).toMatchObject({ trackId });
  await Promise.all([alice.client.close(), client.close()]);
});

test('who may not publish gets none to send', async () => {
  const alice = await join('alice', 'audience');
  const token = await server.token('eve', ['participant'], {
    grants: { audience: { publish: [], subscribe: true } },
  });
  const client = await SignalingClient.connect(server.url, token, 'audience');
  const { transports } = await client.request('join', both);
  expect(Object.keys(transports ?? {})).toEqual(['recv']);
  await Promise.all([alice.client.close(), client.close()]);
});

test('one who hangs up before they are made was never in the call, and leaves nothing', async () => {
  const alice = await join('alice', 'hung-up');
  const { room } = server.app.calls.registry.get('hung-up')!;
  const bob = await connect(server, 'bob', 'hung-up');
  await whileWorkerStands(async () => {
    const joining = failureOf(bob.request('join', both));
    // Somebody who comes later is answered, so the join is on its way; bob is in nobody's eyes yet.
    const carol = await connect(server, 'carol', 'hung-up');
    expect((await carol.request('join', { protocol: 'mediasoup' })).participants).toHaveLength(1);
    expect(room.endpointCount).toBe(3);
    await bob.cut();
    await joining;
    // Answered, so the server has seen before that bob is gone.
    await carol.request('ping', {});
    await carol.close();
  });
  // The worker answers in order: when this is made, bob's were.
  await publishMicrophone(alice.client);
  expect(alice.client.events.filter(({ type }) => type === 'participant-joined')).toHaveLength(1);
  expect(room.endpointCount).toBe(1);
  await alice.client.close();
});

test('a call that ends meanwhile takes them with it, and the next call is joined', async () => {
  const alice = await join('alice', 'ends-meanwhile');
  const { room } = server.app.calls.registry.get('ends-meanwhile')!;
  const bob = await connect(server, 'bob', 'ends-meanwhile');
  const joining = await whileWorkerStands(async () => {
    const answer = bob.request('join', both);
    const carol = await connect(server, 'carol', 'ends-meanwhile');
    await carol.request('join', { protocol: 'mediasoup' });
    await alice.client.request('end-call', {});
    await alice.client.closed;
    return { answer };
  });
  const joined = await joining.answer;
  expect(joined.callId).not.toBe(alice.joined.callId);
  expect(Object.keys(joined.transports ?? {})).toEqual(['send', 'recv']);
  expect(room.endpointCount).toBe(0);
  await bob.close();
});

test('one whose worker dies meanwhile is in the call, and makes them when there is another', async () => {
  const alice = await join('alice', 'dies-meanwhile');
  const bob = await connect(server, 'bob', 'dies-meanwhile');
  const [pid] = server.app.calls.media.workerPids;
  process.kill(pid!, 'SIGSTOP');
  const joining = bob.request('join', both);
  const carol = await connect(server, 'carol', 'dies-meanwhile');
  await carol.request('join', { protocol: 'mediasoup' });
  process.kill(pid!, 'SIGKILL');
  const { transports, participants, generation } = await joining;
  expect(transports).toBeUndefined();
  expect(participants.map(({ userId }) => userId)).toEqual(['alice', 'carol']);
  const made = await bob.request('create-transport', { direction: 'send' });
  expect(made.generation).toBe(generation);
  await Promise.all([alice.client.close(), bob.close(), carol.close()]);
}, 20_000);
