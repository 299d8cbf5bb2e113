import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  fakeTrack,
  ScriptedCall,
  speaker,
  voiceOf,
  wireParticipant,
} from '../../test/support/scripted-call.ts';
import { Refusal, type ScriptedSocket } from '../../test/support/scripted-socket.ts';
import type { RequestType } from '../protocol/index.ts';
import { CallClient, type CallClientEvents, type CallState } from './index.ts';

let call: ScriptedCall;
let client: CallClient;
/** The newest one. */
const socket = (): ScriptedSocket => call.server.latest;

beforeEach(() => {
  call = new ScriptedCall();
  call.participants = [speaker('ann'), speaker('ben')];
  client = new CallClient(call.options);
});

afterEach(() => client.close());

const consumer = (userId: string, isPaused = false) => ({
  consumerId: `consumer-of-${userId}-voice`,
  trackId: `${userId}-voice`,
  isPaused,
});

const micOf = (userId: string) => client.participants.get(userId)?.track('microphone')?.mediaTrack ?? null;

function next<Name extends keyof CallClientEvents>(
  name: Name,
  fits: (payload: CallClientEvents[Name]) => boolean = () => true,
): Promise<CallClientEvents[Name]> {
  return new Promise((resolve) => {
    const stop = client.events.on(name, (payload) => {
      if (!fits(payload)) return;
      stop();
      resolve(payload);
    });
  });
}

const connected = () => next('stateChanged', ({ status }: CallState) => status === 'connected');

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Until the last socket was asked this. */
const asked = (type: RequestType) => until(() => socket().typesReceived().includes(type));

async function joinAndReceive(): Promise<void> {
  await client.join();
  await until(
    () =>
      socket()
        .typesReceived()
        .filter((type) => type === 'resume-consumer').length === 2,
  );
}

describe('a lost socket', () => {
  test('is followed by another one that resumes soon, with all media as it was', async () => {
    await joinAndReceive();
    const media = micOf('ann');
    call.server.answers.resume = call.lettingIn({
      isResumed: true,
      consumers: [consumer('ann'), consumer('ben', true)],
    });
    const lostAt = performance.now();
    socket().end(1006);
    expect(micOf('ann')).toBe(media);
    await connected();
    expect(performance.now() - lostAt).toBeLessThan(500);
    expect(socket().received[0]).toMatchObject({ type: 'resume', data: { resumeToken: 'resume-1' } });
    await asked('resume-consumer');
    expect(socket().typesReceived()).toEqual(['resume', 'resume-consumer']);
    expect(socket().received[1]?.data).toEqual({ consumerId: 'consumer-of-ben-voice' });
    expect(micOf('ann')).toBe(media);
  });

  test('has its consumers that ended meanwhile made again', async () => {
    await joinAndReceive();
    call.server.answers.resume = call.lettingIn({ isResumed: true, consumers: [consumer('ann')] });
    socket().end(1006);
    await connected();
    await asked('consume');
    expect(
      socket()
        .received.filter(({ type }) => type === 'consume')
        .map(({ data }) => data),
    ).toEqual([{ trackId: 'ben-voice' }]);
  });

  test('is resumed with new media when the server has a consumer whose answer was lost', async () => {
    await joinAndReceive();
    const media = micOf('ann');
    call.server.answers.resume = call.lettingIn({ isResumed: true, consumers: [consumer('zoe')] });
    socket().end(1006);
    await connected();
    await asked('consume');
    expect(socket().typesReceived().slice(0, 3)).toEqual(['resume', 'create-transport', 'consume']);
    expect(micOf('ann')).not.toBe(media);
  });

  for (const code of ['invalid_state', 'unauthenticated', 'forbidden'] as const) {
    test(`is followed by a join on the same socket when the resume is refused with ${code}`, async () => {
      await joinAndReceive();
      call.server.answers.resume = () => {
        throw new Refusal(code);
      };
      socket().end(1006);
      await connected();
      await asked('consume');
      expect(socket().typesReceived().slice(0, 3)).toEqual(['resume', 'join', 'consume']);
      expect(call.server.sockets).toHaveLength(2);
    });
  }

  test('of a server that started again gets new media from the answer to the resume', async () => {
    await joinAndReceive();
    call.server.answers.resume = call.lettingIn({ isResumed: false });
    socket().end(1012);
    await connected();
    await asked('consume');
    expect(socket().typesReceived().slice(0, 2)).toEqual(['resume', 'create-transport']);
    expect(socket().typesReceived()).not.toContain('join');
  });

  test('that closed for good is not followed by any other', async () => {
    await joinAndReceive();
    const closed = next('stateChanged', ({ status }) => status === 'closed');
    socket().end(4403);
    expect(await closed).toMatchObject({ reason: 'removed' });
    expect(call.server.sockets).toHaveLength(1);
  });
});

describe('what we publish', () => {
  const resumeWith = (tracks: ReturnType<typeof voiceOf>[]) => {
    call.server.answers.resume = call.lettingIn({
      isResumed: true,
      tracks,
      consumers: [consumer('ann'), consumer('ben')],
    });
    socket().end(1006);
    return connected();
  };
  const own = (isPaused: boolean, trackId = 'own-1') => voiceOf('me', { trackId, isPaused });

  beforeEach(joinAndReceive);

  test('stays published, and is paused when it was muted while away', async () => {
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    socket().end(1006);
    await client.pause(local);
    await resumeWith([own(false)]);
    await asked('pause-producer');
    expect(socket().typesReceived()).not.toContain('produce');
    expect(local.trackId).toBe('own-1');
  });

  test('is resumed when it was unmuted while away', async () => {
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone', isPaused: true });
    socket().end(1006);
    await client.resume(local);
    expect(local.mediaTrack.enabled).toBe(false);
    // A server tells everyone that we are back, and with that how it had our tracks.
    const tellAll = (to: ScriptedSocket) =>
      to.event('participant-updated', { participant: wireParticipant('me', [own(true)]) });
    call.server.answers['resume-producer'] = (_, to) => {
      tellAll(to);
      return {};
    };
    const resumed = resumeWith([own(true)]);
    const resume = call.server.answers.resume!;
    call.server.answers.resume = (message, to) => {
      const joined = resume(message, to);
      tellAll(to);
      return joined;
    };
    await resumed;
    await asked('resume-producer');
    await until(() => local.mediaTrack.enabled);
    expect(local.isPaused).toBe(false);
  });

  test('stays muted when a moderator muted it while we were away', async () => {
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    const muted = next('localTrackMuted');
    await resumeWith([own(true)]);
    expect(await muted).toBe(local);
    expect(local.isPaused).toBe(true);
    expect(local.mediaTrack.enabled).toBe(false);
    expect(socket().typesReceived()).not.toContain('resume-producer');
  });

  test('is published again when the server has it no more', async () => {
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    await resumeWith([]);
    await asked('produce');
    await until(() => local.trackId === 'own-2');
  });

  test('is closed there when it was unpublished while away', async () => {
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    socket().end(1006);
    await client.unpublish(local);
    await resumeWith([own(false)]);
    await asked('close-producer');
    expect(socket().received.at(-1)?.data).toEqual({ trackId: 'own-1' });
  });

  test('is published on the next socket when that one was lost before its answer', async () => {
    const produce = call.server.answers.produce!;
    delete call.server.answers.produce;
    const publishing = client.publish(fakeTrack('audio'), { source: 'microphone' });
    await asked('produce');
    call.server.answers.produce = produce;
    await resumeWith([own(false, 'unheard-of')]);
    const local = await publishing;
    await asked('close-producer');
    await asked('produce');
    await until(() => local.trackId !== null);
    expect(socket().typesReceived().indexOf('close-producer')).toBeLessThan(
      socket().typesReceived().indexOf('produce'),
    );
  });
});

describe('a media worker that died', () => {
  const renewed = (userId: string) => ({ track: voiceOf(userId, { generation: 2 }) });

  async function lose(): Promise<void> {
    socket().received.splice(0);
    socket().event('transports-lost', { generation: 2 });
    await asked('create-transport');
  }

  test('has everything set up again over the same socket, our tracks with the ids that they had', async () => {
    await joinAndReceive();
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    await client.pause(local);
    const { trackId } = local;
    await lose();
    await asked('produce');
    await until(
      () =>
        socket()
          .typesReceived()
          .filter((type) => type === 'resume-consumer').length === 2,
    );
    expect(socket().received.find(({ type }) => type === 'produce')?.data).toMatchObject({
      trackId,
      isPaused: true,
    });
    expect(local.trackId).toBe(trackId);
    expect(client.state.status).toBe('connected');
    expect(call.server.sockets).toHaveLength(1);
    expect(micOf('ann')).not.toBeNull();
  });

  test('has a track of somebody who is not back yet received when it is announced again', async () => {
    await joinAndReceive();
    const problems: Error[] = [];
    client.events.on('problem', (problem) => problems.push(problem));
    const consume = call.server.answers.consume!;
    call.server.answers.consume = ({ data }) => {
      if (data.trackId === 'ann-voice') throw new Refusal('unavailable');
      return undefined;
    };
    await lose();
    await until(
      () =>
        socket()
          .typesReceived()
          .filter((type) => type === 'consume').length === 2,
    );
    expect(micOf('ann')).toBeNull();
    call.server.answers.consume = consume;
    socket().event('producer-added', renewed('ann'));
    await until(() => micOf('ann') !== null);
    expect(problems).toEqual([]);
  });

  test('is seen by those on other workers as a track that is received anew', async () => {
    await joinAndReceive();
    const before = [micOf('ann'), micOf('ben')];
    socket().received.splice(0);
    socket().event('producer-added', renewed('ann'));
    await until(() => socket().typesReceived().includes('resume-consumer'));
    expect(socket().typesReceived()).toEqual(['consume', 'resume-consumer']);
    expect(micOf('ann')).not.toBe(before[0]!);
    expect(micOf('ben')).toBe(before[1]!);
  });

  test('that is followed by the death of the next one starts over', async () => {
    await joinAndReceive();
    const createTransport = call.server.answers['create-transport']!;
    call.server.answers['create-transport'] = () => {
      throw new Refusal('unavailable');
    };
    await lose();
    call.server.answers['create-transport'] = createTransport;
    socket().event('transports-lost', { generation: 3 });
    await until(
      () =>
        socket()
          .typesReceived()
          .filter((type) => type === 'resume-consumer').length === 2,
    );
    expect(client.state.status).toBe('connected');
    expect(call.server.sockets).toHaveLength(1);
  });

  test('while the socket was lost too is noticed when it is resumed', async () => {
    await joinAndReceive();
    const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
    const { trackId } = local;
    call.server.answers.resume = call.lettingIn({
      isResumed: true,
      generation: 2,
      tracks: [voiceOf('me', { trackId: trackId! })],
    });
    socket().end(1006);
    await connected();
    await asked('produce');
    expect(socket().typesReceived()).not.toContain('close-producer');
    expect(socket().received.find(({ type }) => type === 'produce')?.data).toMatchObject({ trackId });
  });

  test('while media was being set up closes what the server has and we have not', async () => {
    await joinAndReceive();
    call.server.answers.resume = call.lettingIn({
      isResumed: true,
      generation: 2,
      tracks: [voiceOf('me', { trackId: 'nobody-knows-it' })],
    });
    socket().end(1006);
    await connected();
    await asked('close-producer');
    expect(socket().received.find(({ type }) => type === 'close-producer')?.data).toEqual({
      trackId: 'nobody-knows-it',
    });
  });

  test('and a track that is announced again while we ask for it is asked for once', async () => {
    await joinAndReceive();
    const answers: (() => void)[] = [];
    const consume = call.server.answers.consume!;
    call.server.answers.consume = (request) => {
      answers.push(() => socket().answer(request, call.consumer('ann-voice')));
      return undefined;
    };
    socket().received.splice(0);
    socket().event('producer-added', { track: voiceOf('ann', { generation: 2 }) });
    await until(() => answers.length === 1);
    socket().event('producer-added', { track: voiceOf('ann', { generation: 3 }) });
    answers[0]!();
    await until(() => micOf('ann') !== null);
    await asked('resume-consumer');
    expect(socket().typesReceived()).toEqual(['consume', 'resume-consumer']);

    // It turns out that the answer was about the former producer.
    call.server.answers.consume = consume;
    socket().event('consumer-closed', { consumerId: 'consumer-of-ann-voice', trackId: 'ann-voice' });
    await until(() => socket().typesReceived().length === 4);
    expect(socket().typesReceived().slice(2)).toEqual(['consume', 'resume-consumer']);
    await until(() => micOf('ann') !== null);
  });

  test('and a consumer that ends before its answer comes is not taken for a living one', async () => {
    await joinAndReceive();
    call.server.answers.consume = (request) => {
      socket().event('consumer-closed', { consumerId: 'consumer-of-ann-voice', trackId: 'ann-voice' });
      socket().answer(request, call.consumer('ann-voice'));
      return undefined;
    };
    socket().received.splice(0);
    socket().event('producer-added', { track: voiceOf('ann', { generation: 2 }) });
    await asked('consume');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(micOf('ann')).toBeNull();
  });
});
