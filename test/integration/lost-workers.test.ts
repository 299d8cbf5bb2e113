/** Media workers die and hang under calls: whoever was on them stays in the call and goes on, everyone else notices nothing. */
import { afterEach, expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { join, publishMicrophone, receive } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;

let server: TestServer;

afterEach(() => server.close());

async function start(env: Readonly<Record<string, string>>) {
  server = await startTestServer({ env });
  return server.app.calls.media;
}

/** Two people, each of whom publishes a microphone and hears the other. */
async function talk(roomId: string) {
  const people = [await join(server, 'ann', roomId), await join(server, 'bob', roomId)] as const;
  const [ann, bob] = people;
  const tracks = [await publishMicrophone(ann.client), await publishMicrophone(bob.client)] as const;
  for (const { client, joined } of people) await receive(client, joined);
  await ann.client.request('consume', { trackId: tracks[1].trackId });
  await bob.client.request('consume', { trackId: tracks[0].trackId });
  return { ann, bob, trackId: tracks[0].trackId, bobsTrackId: tracks[1].trackId };
}

type Talk = Awaited<ReturnType<typeof talk>>;

/** What a client does when it is told `transports-lost`, and what the others see of it. */
async function goOn({ ann, bob, trackId, bobsTrackId }: Talk, generation: number): Promise<void> {
  for (const { client } of [ann, bob]) {
    expect(await client.event('transports-lost')).toEqual({ generation });
  }
  await receive(bob.client, bob.joined);
  expect(await publishMicrophone(ann.client, { trackId })).toMatchObject({ trackId, generation });
  const added = await bob.client.event('producer-added', ({ track }) => track.generation === generation);
  expect(added.track).toMatchObject({ trackId, userId: 'ann', isPaused: false });
  expect(await bob.client.request('consume', { trackId })).toMatchObject({ trackId, generation });
  await publishMicrophone(bob.client, { trackId: bobsTrackId });
  const seen = bob.client.events.map(({ type }) => type);
  expect(seen).not.toContain('producer-closed');
  expect(seen).not.toContain('participant-left');
}

/** Kills the one worker of a call, and resolves when another runs in its place. */
async function killWorkerOf(roomId: string): Promise<void> {
  const { media, registry } = server.app.calls;
  const replaced = new Promise<void>((resolve) => media.events.on('workerReplaced', () => resolve()));
  const [pid] = registry.get(roomId)!.room.workerPids;
  process.kill(pid!, 'SIGKILL');
  await replaced;
  expect(media.workerPids).not.toContain(pid);
}

test(
  'a call goes on with the same tracks when its worker is killed; a call on the other worker notices nothing',
  async () => {
    const media = await start({ WEBRTC_WORKERS: '2' });
    const lost = await talk('lost');
    const spared = await talk('spared');
    await killWorkerOf('lost');
    await goOn(lost, 2);
    expect(media.isComplete).toBe(true);
    expect(spared.ann.client.events.map(({ type }) => type)).not.toContain('transports-lost');
    await spared.bob.client.request('close-producer', { trackId: spared.bobsTrackId });
    await spared.ann.client.event('consumer-closed', ({ trackId }) => trackId === spared.bobsTrackId);
  },
  TIMEOUT_MS,
);

test(
  'a call goes on however often its worker dies',
  async () => {
    const media = await start({ WEBRTC_WORKERS: '1' });
    const call = await talk('unlucky');
    for (const generation of [2, 3, 4]) {
      await killWorkerOf('unlucky');
      await goOn(call, generation);
    }
    for (const { client } of [call.ann, call.bob]) await client.close();
    while (server.app.calls.hub.size > 0) await Bun.sleep(10);
    expect((await media.dump()).transports).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'a worker that hangs counts as dead',
  async () => {
    const media = await start({ WEBRTC_WORKERS: '1', WEBRTC_WORKER_TIMEOUT: '1s' });
    const call = await talk('stopped');
    const [pid] = media.workerPids;
    process.kill(pid!, 'SIGSTOP');
    await goOn(call, 2);
    expect(media.workerPids).not.toContain(pid);
    process.kill(media.workerPids[0]!, 'SIGSTOP');
    // And a server whose worker hangs still closes.
  },
  TIMEOUT_MS,
);

test(
  'all workers die at once: every call goes on, and who comes meanwhile waits a moment',
  async () => {
    const media = await start({ WEBRTC_WORKERS: '2' });
    const calls = [await talk('one'), await talk('two')];
    for (const pid of media.workerPids) process.kill(pid, 'SIGKILL');
    const late = join(server, 'late', 'three');
    for (const call of calls) await goOn(call, 2);
    expect((await late).joined.roomId).toBe('three');
    while (!media.isComplete) await Bun.sleep(10);
  },
  TIMEOUT_MS,
);

test(
  'one who was muted while their media was away comes back muted, and one who does not publish again is seen no more',
  async () => {
    const media = await start({ WEBRTC_WORKERS: '1' });
    const { ann, bob, trackId, bobsTrackId } = await talk('muted');
    process.kill(media.workerPids[0]!, 'SIGKILL');
    await ann.client.event('transports-lost');
    // Whoever made the call moderates it.
    await ann.client.request('mute-participant', {}, { targetUserId: 'bob' });
    const muted = await ann.client.event(
      'participant-updated',
      ({ participant }) => participant.userId === 'bob',
    );
    expect(muted.participant.tracks).toMatchObject([{ trackId: bobsTrackId, isPaused: true, generation: 1 }]);
    await publishMicrophone(bob.client, { trackId: bobsTrackId });
    const added = await ann.client.event('producer-added', ({ track }) => track.generation === 2);
    expect(added.track).toMatchObject({ trackId: bobsTrackId, isPaused: true });

    await receive(bob.client, bob.joined);
    expect(await failureOf(bob.client.request('consume', { trackId }))).toMatchObject({
      code: 'unavailable',
    });
    await ann.client.request('close-producer', { trackId });
    await bob.client.event('producer-closed', (closed) => closed.trackId === trackId);
  },
  TIMEOUT_MS,
);

test(
  'a call grows onto the next worker, carries tracks and data over once for all who want them, and loses only what was lost',
  async () => {
    await start({ WEBRTC_WORKERS: '2', WEBRTC_WORKER_CAPACITY: '1' });
    const call = await talk('grown');
    const { room } = server.app.calls.registry.get('grown')!;
    expect(room.workerPids).toHaveLength(1);
    const carol = await join(server, 'carol', 'grown');
    const dave = await join(server, 'dave', 'grown');
    for (const { client, joined } of [carol, dave]) await receive(client, joined);
    expect(room.workerPids).toHaveLength(2);
    const { consumerId } = await carol.client.request('consume', { trackId: call.trackId });
    expect(room.pipeCount).toBe(1);
    await carol.client.request('resume-consumer', { consumerId });
    await dave.client.request('consume', { trackId: call.trackId });
    expect(room.pipeCount).toBe(1);
    await carol.client.close();
    expect(room.pipeCount).toBe(1);

    // The way over goes with the worker; the track, which is published elsewhere, does not.
    process.kill(room.workerPids[1]!, 'SIGKILL');
    await dave.client.event('transports-lost');
    expect(room.pipeCount).toBe(0);
    await receive(dave.client, dave.joined);
    await dave.client.request('consume', { trackId: call.trackId });
    await dave.client.close();
    await call.ann.client.event('participant-left', ({ userId }) => userId === 'dave');
    expect(room.pipeCount).toBe(0);
    expect(call.ann.client.events.map(({ type }) => type)).not.toContain('transports-lost');
  },
  TIMEOUT_MS,
);
