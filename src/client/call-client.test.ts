import { afterEach, describe, expect, test } from 'bun:test';
import {
  fakeTrack,
  handlerFactory,
  ScriptedCall,
  wireParticipant,
  wireTrack,
} from '../../test/support/scripted-call.ts';
import { Refusal, type ScriptedSocket } from '../../test/support/scripted-socket.ts';
import { CallClient, type CallClientOptions } from './call-client.ts';
import type { CallClientEvents } from './call-events.ts';

const clients: CallClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function createClient(call: ScriptedCall, options: Partial<CallClientOptions> = {}): CallClient {
  const client = new CallClient({
    url: 'https://calls.test',
    roomId: 'room',
    token: 'the-token',
    openSocket: call.server.open,
    handlerFactory,
    requestTimeoutMs: 500,
    ...options,
  });
  clients.push(client);
  return client;
}

function next<Name extends keyof CallClientEvents>(
  client: CallClient,
  name: Name,
  isRight: (payload: CallClientEvents[Name]) => boolean = () => true,
): Promise<CallClientEvents[Name]> {
  return new Promise((resolve) => {
    const stop = client.events.on(name, (payload) => {
      if (!isRight(payload)) return;
      stop();
      resolve(payload);
    });
  });
}

const becomes = (client: CallClient, status: CallClient['state']['status']) =>
  next(client, 'stateChanged', (state) => state.status === status);

async function received(socket: ScriptedSocket, type: string, count = 1): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (socket.typesReceived().filter((one) => one === type).length < count) {
    if (performance.now() > deadline) throw new Error(`${type} did not come: ${socket.typesReceived()}`);
    await Bun.sleep(1);
  }
}

describe('joining', () => {
  test('receives what is published there, and asks for it to flow only when it can be attached', async () => {
    const call = new ScriptedCall();
    call.participants = [wireParticipant('ann', [wireTrack('t1', 'ann')])];
    const client = createClient(call);
    const states: string[] = [];
    client.events.on('stateChanged', ({ status }) => states.push(status));
    const attached: string[] = [];
    client.events.on('participantUpdated', ({ tracks }) => {
      if (tracks.get('t1')?.mediaTrack) attached.push(...call.server.latest.typesReceived());
    });
    await client.join();
    const socket = call.server.latest;
    await received(socket, 'resume-consumer');
    expect(states).toEqual(['connecting', 'connected']);
    expect(attached).toContain('consume');
    expect(attached).not.toContain('resume-consumer');
    expect(client.participants.get('ann')?.track('microphone')?.mediaTrack?.kind).toBe('audio');
  });

  test('uses the transports that come with the entry, and says with the first track alone what it can receive', async () => {
    const call = new ScriptedCall();
    call.participants = [wireParticipant('ann', [wireTrack('t1', 'ann'), wireTrack('t2', 'ann')])];
    const client = createClient(call);
    const { transports } = await client.join();
    await client.publish(fakeTrack('audio'), { source: 'microphone' });
    const socket = call.server.latest;
    await received(socket, 'resume-consumer', 2);
    expect(socket.typesReceived()).not.toContain('create-transport');
    const dataOf = (type: string) =>
      socket.received.filter((message) => message.type === type).map(({ data }) => data);
    expect(dataOf('produce')).toMatchObject([{ transportId: transports?.send?.transportId }]);
    expect(dataOf('connect-transport').map(({ transportId }) => transportId)).toContain(
      transports?.recv?.transportId,
    );
    expect(dataOf('consume')).toEqual([
      { trackId: 't1', rtpCapabilities: expect.objectContaining({ codecs: expect.any(Array) }) },
      { trackId: 't2' },
    ]);
  });

  test('asks for the transports that did not come with the entry', async () => {
    const call = new ScriptedCall();
    call.participants = [wireParticipant('ann', [wireTrack('t1', 'ann')])];
    call.server.answers.join = call.lettingIn({ transports: {} });
    const client = createClient(call);
    await client.join();
    await client.publish(fakeTrack('audio'), { source: 'microphone' });
    const socket = call.server.latest;
    await received(socket, 'resume-consumer');
    const asked = socket.received.filter(({ type }) => type === 'create-transport');
    expect(asked.map(({ data }) => data)).toEqual([{ direction: 'recv' }, { direction: 'send' }]);
  });

  test('says again what it can receive when the message that said it was refused', async () => {
    const call = new ScriptedCall();
    call.participants = [wireParticipant('ann', [wireTrack('t1', 'ann')])];
    const consume = call.server.answers.consume!;
    call.server.answers.consume = () => {
      throw new Refusal('not_found');
    };
    const client = createClient(call);
    await client.join();
    const socket = call.server.latest;
    await received(socket, 'consume');
    call.server.answers.consume = consume;
    socket.event('producer-added', { track: wireTrack('t2', 'ann') });
    await received(socket, 'resume-consumer');
    const last = socket.received.findLast(({ type }) => type === 'consume');
    expect(last?.data).toMatchObject({ trackId: 't2', rtpCapabilities: {} });
  });

  test('loses no event that comes between the entry and the answer', async () => {
    const call = new ScriptedCall();
    const join = call.server.answers.join!;
    call.server.answers.join = (message, socket) => {
      const joined = join(message, socket);
      socket.event('participant-joined', { participant: wireParticipant('bob') });
      socket.event('producer-added', { track: wireTrack('t2', 'bob') });
      return joined;
    };
    const client = createClient(call);
    await client.join();
    await received(call.server.latest, 'resume-consumer');
    expect([...client.participants.keys()]).toEqual(['bob']);
  });

  test('fails with the code of the server, and the client is closed', async () => {
    const call = new ScriptedCall();
    call.server.answers.join = () => {
      throw new Refusal('call_full');
    };
    const client = createClient(call);
    await expect(client.join()).rejects.toMatchObject({ code: 'call_full' });
    expect(client.state).toMatchObject({ status: 'closed', reason: 'refused', error: 'call_full' });
    expect(call.server.latest.closedWith).toBe(1000);
    await expect(client.join()).rejects.toMatchObject({ code: 'already_joined' });
  });

  test('fails when nobody is there to answer', async () => {
    const call = new ScriptedCall();
    call.server.welcome = 'refuse';
    const client = createClient(call);
    await expect(client.join()).rejects.toMatchObject({ code: 'unreachable' });
    expect(client.state).toMatchObject({ reason: 'unreachable' });
  });
});

describe('others', () => {
  test('come, change, publish and go', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    const socket = call.server.latest;
    socket.event('participant-joined', { participant: wireParticipant('ann') });
    socket.event('producer-added', { track: wireTrack('t1', 'ann') });
    expect(client.participants.get('ann')?.tracks.size).toBe(1);
    await received(socket, 'resume-consumer');
    const paused = wireTrack('t1', 'ann', { isPaused: true });
    socket.event('participant-updated', {
      participant: { ...wireParticipant('ann', [paused]), name: 'Anna' },
    });
    expect(client.participants.get('ann')?.name).toBe('Anna');
    expect(client.participants.get('ann')?.track('microphone')?.isPaused).toBe(true);
    socket.event('participant-updated', { participant: wireParticipant('me') });
    expect([...client.participants.keys()]).toEqual(['ann']);
    socket.event('producer-closed', { trackId: 't1', userId: 'ann' });
    expect(client.participants.get('ann')?.tracks.size).toBe(0);
    socket.event('participant-left', { userId: 'ann', reason: 'left' });
    expect(client.participants.size).toBe(0);
  });

  test('a track that is not shown is paused, and only what changed is told', async () => {
    const call = new ScriptedCall();
    const camera = wireTrack('t1', 'ann', { kind: 'video', source: 'camera' });
    call.participants = [wireParticipant('ann', [camera])];
    const client = createClient(call);
    await client.join();
    const socket = call.server.latest;
    await received(socket, 'resume-consumer');
    const track = client.participants.get('ann')!.track('camera')!;
    track.setPreferredLayers({ spatialLayer: 0 });
    track.setPreferredLayers({ spatialLayer: 1 });
    track.setPreferredLayers({ spatialLayer: 2 });
    track.setPreferredLayers({ spatialLayer: 2 });
    await received(socket, 'set-preferred-layers', 2);
    track.setShown(false);
    await received(socket, 'pause-consumer');
    const layers = socket.received.filter(({ type }) => type === 'set-preferred-layers');
    expect(layers.map(({ data }) => data.spatialLayer)).toEqual([0, 2]);
  });

  test('their messages and our own come as chat', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    const texts: string[] = [];
    client.events.on('chat', ({ name, text, isOwn }) => texts.push(`${name}: ${text} ${isOwn}`));
    await client.sendChat('hello');
    const sentAt = '2026-01-01T10:00:00.000Z';
    const said = { chatId: 'c', userId: 'ann', name: 'Ann', text: 'hi', sentAt, isPrivate: false };
    call.server.latest.event('chat', said);
    expect(texts).toEqual(['Me: hello true', 'Ann: hi false']);
  });
});

describe('publishing', () => {
  test('a muted microphone is silent at once, before the server knows', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    const microphone = fakeTrack('audio');
    const local = await client.publish(microphone, { source: 'microphone' });
    const pausing = client.pause(local);
    expect(microphone.enabled).toBe(false);
    expect(call.server.latest.typesReceived()).not.toContain('pause-producer');
    await pausing;
    expect(call.server.latest.typesReceived()).toContain('pause-producer');
    await client.resume(local);
    expect(microphone.enabled).toBe(true);
  });

  test('a device that ends is unpublished, and its owner told', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    const camera = fakeTrack('video');
    const local = await client.publish(camera, { source: 'camera' });
    const ended = next(client, 'localTrackEnded');
    camera.dispatchEvent(new Event('ended'));
    expect(await ended).toBe(local);
    await received(call.server.latest, 'close-producer');
    expect(client.localTracks).toEqual([]);
  });

  test('a track that the server refuses is not kept', async () => {
    const call = new ScriptedCall();
    call.server.answers.produce = () => {
      throw new Refusal('forbidden');
    };
    const client = createClient(call);
    await client.join();
    const camera = fakeTrack('video');
    await expect(client.publish(camera, { source: 'camera' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(client.localTracks).toEqual([]);
    expect(camera.readyState).toBe('live');
  });
});

describe('a lost connection', () => {
  test('is won back: joined again with a fresh token, the same tracks published as they were', async () => {
    const call = new ScriptedCall();
    let asked = 0;
    const client = createClient(call, { token: () => `token-${++asked}` });
    await client.join();
    const microphone = fakeTrack('audio');
    const local = await client.publish(microphone, { source: 'microphone' });
    await client.pause(local);
    const firstId = local.trackId;
    call.participants = [wireParticipant('ann', [wireTrack('t9', 'ann')])];

    const back = becomes(client, 'connected');
    call.server.latest.end(1012);
    expect(client.state).toMatchObject({ status: 'reconnecting', message: 'The server restarts.' });
    await back;
    const socket = call.server.latest;
    await received(socket, 'produce');
    await received(socket, 'resume-consumer');
    expect(call.server.sockets).toHaveLength(2);
    expect(socket.protocols).toEqual(['bearer', 'token-2']);
    const produce = socket.received.find(({ type }) => type === 'produce')!;
    expect(produce.data).toMatchObject({ source: 'microphone', isPaused: true, trackId: firstId });
    expect(local.trackId).toBe(firstId);
    expect(microphone.readyState).toBe('live');
    expect(client.participants.get('ann')?.track('microphone')?.mediaTrack).not.toBeNull();
  });

  test('is tried to be won back again and again while the server is away', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    call.server.welcome = 'refuse';
    call.server.latest.end(1006);
    const secondAttempt = next(
      client,
      'stateChanged',
      (state) => state.status === 'reconnecting' && state.attempt === 1,
    );
    await secondAttempt;
    call.server.welcome = 'open';
    await becomes(client, 'connected');
    expect(call.server.sockets).toHaveLength(3);
  });

  test('is given up in the end', async () => {
    const call = new ScriptedCall();
    const client = createClient(call, { reconnectTimeoutMs: 1 });
    await client.join();
    call.server.welcome = 'refuse';
    call.server.latest.end(1006);
    await becomes(client, 'closed');
    expect(client.state).toMatchObject({ reason: 'connection-lost' });
  });

  test('is not won back when the call has filled up meanwhile', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    call.server.answers.join = () => {
      throw new Refusal('call_full');
    };
    call.server.latest.end(1006);
    await becomes(client, 'closed');
    expect(client.state).toMatchObject({ reason: 'refused', error: 'call_full' });
  });

  test('people who stayed stay the same, people who went are gone', async () => {
    const call = new ScriptedCall();
    call.participants = [wireParticipant('ann'), wireParticipant('bob')];
    const client = createClient(call);
    await client.join();
    const ann = client.participants.get('ann');
    const went: string[] = [];
    client.events.on('participantLeft', ({ userId }) => went.push(userId));
    call.participants = [wireParticipant('ann'), wireParticipant('eve')];
    call.server.latest.end(1006);
    await becomes(client, 'connected');
    expect(client.participants.get('ann')).toBe(ann!);
    expect(went).toEqual(['bob']);
    expect([...client.participants.keys()]).toEqual(['ann', 'eve']);
  });
});

describe('the end', () => {
  test('a close that is final says why, and no other socket is opened', async () => {
    const reasons: string[] = [];
    for (const code of [4400, 4401, 4403, 4404, 4409, 4429]) {
      const call = new ScriptedCall();
      const client = createClient(call);
      await client.join();
      call.server.latest.end(code);
      if (client.state.status === 'closed') reasons.push(client.state.reason);
      expect(call.server.sockets).toHaveLength(1);
    }
    expect(reasons).toEqual([
      'protocol-violation',
      'unauthenticated',
      'removed',
      'call-ended',
      'replaced',
      'flooding',
    ]);
  });

  test('a call that ends says how', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    call.server.latest.event('call-ended', { reason: 'ended-by-host' });
    call.server.latest.end(4404);
    expect(client.state).toMatchObject({ reason: 'call-ended', endReason: 'ended-by-host' });
  });

  test('leaving tells the server, stops nothing of the application, and can be done twice', async () => {
    const call = new ScriptedCall();
    const client = createClient(call);
    await client.join();
    const microphone = fakeTrack('audio');
    await client.publish(microphone, { source: 'microphone' });
    const ends: string[] = [];
    client.events.on('stateChanged', ({ status }) => ends.push(status));
    await client.leave();
    await client.leave();
    client.close();
    const socket = call.server.latest;
    expect(socket.typesReceived().at(-1)).toBe('leave');
    expect(socket.closedWith).toBe(1000);
    expect(ends).toEqual(['closed']);
    expect(client.state).toMatchObject({ reason: 'left' });
    expect(microphone.readyState).toBe('live');
  });

  test('leaving while it is being joined, or won back, ends that too', async () => {
    const call = new ScriptedCall();
    delete call.server.answers.join;
    const client = createClient(call);
    const joining = client.join().then(
      () => 'joined',
      () => 'failed',
    );
    while (call.server.sockets.length === 0 || call.server.latest.received.length === 0) await Bun.sleep(1);
    client.close();
    expect(await joining).toBe('failed');
    expect(client.state).toMatchObject({ reason: 'left' });

    const other = new ScriptedCall();
    const returning = createClient(other);
    await returning.join();
    other.server.latest.end(1006);
    returning.close();
    await Bun.sleep(400);
    expect(other.server.sockets).toHaveLength(1);
  });

  test('leaves no timer behind', async () => {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const timers = new Set<unknown>();
    const remember = <T>(timer: T): T => {
      timers.add(timer);
      return timer;
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, delay?: number) => {
        const timer: unknown = remember(
          setTimeout(() => {
            timers.delete(timer);
            run();
          }, delay),
        );
        return timer;
      },
      setInterval: (run: () => void, delay?: number) => remember(setInterval(run, delay)),
      clearTimeout: (timer: Timer) => {
        timers.delete(timer);
        clearTimeout(timer);
      },
      clearInterval: (timer: Timer) => {
        timers.delete(timer);
        clearInterval(timer);
      },
    });
    try {
      const call = new ScriptedCall();
      call.participants = [wireParticipant('ann', [wireTrack('t1', 'ann')])];
      const client = createClient(call);
      await client.join();
      await client.publish(fakeTrack('video'), { source: 'camera' });
      expect(timers.size).toBeGreaterThan(0);
      await client.leave();
      expect(timers.size).toBe(0);
    } finally {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    }
  });
});
