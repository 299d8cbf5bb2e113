import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import {
  fakeTrack,
  handlerFactory,
  ScriptedCall,
  speaker,
  voiceOf,
  wireParticipant,
} from '../../test/support/scripted-call.ts';
import { type ReceivedMessage, Refusal, type ScriptedSocket } from '../../test/support/scripted-socket.ts';
import { CallClient } from './index.ts';

let call: ScriptedCall;
let client: CallClient;
/** The newest one. */
const socket = (): ScriptedSocket => call.server.latest;

beforeEach(() => {
  call = new ScriptedCall();
  client = new CallClient({ ...call.options, requestTimeoutMs: 60 });
});

afterEach(() => client.close());

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const me = { userId: 'me', name: 'Me' };

describe('the lobby', () => {
  let asked: ReceivedMessage | undefined;
  const letIn = () => {
    const joined = call.joined();
    socket().event('joined', joined);
    socket().answer(asked!, joined);
  };

  /** Resolves when we wait. */
  async function wait(): Promise<{ joining: Promise<unknown> }> {
    asked = undefined;
    call.server.answers.join = (message) => {
      asked = message;
      return undefined;
    };
    const joining = client.join();
    await until(() => asked !== undefined);
    socket().event('lobby-waiting', { waiting: [me] });
    return { joining };
  }

  test('keeps one as long as it takes, and they are in when let in', async () => {
    const { joining } = await wait();
    expect(client.state.status).toBe('waiting');
    await Bun.sleep(120);
    expect(client.waiting).toEqual([]);
    letIn();
    expect(await joining).toMatchObject({ userId: 'me' });
    expect(client.state.status).toBe('connected');
  });

  test('is gone back to when the socket is lost', async () => {
    const { joining } = await wait();
    socket().end(1006);
    asked = undefined;
    await until(() => asked !== undefined);
    expect(client.state.status).toBe('reconnecting');
    socket().event('lobby-waiting', { waiting: [me] });
    expect(client.state.status).toBe('waiting');
    letIn();
    expect(await joining).toMatchObject({ userId: 'me' });
    expect(call.server.sockets).toHaveLength(2);
  });

  test('is left by who does not want to wait any more', async () => {
    const { joining } = await wait();
    const failure = failureOf(joining);
    await client.leave();
    expect(await failure).toMatchObject({ code: 'connection_closed' });
    expect(client.state).toMatchObject({ status: 'closed', reason: 'left' });
    expect(socket().closedWith).toBe(1000);
  });

  test('refuses with the code of the server', async () => {
    const { joining } = await wait();
    socket().push({
      type: 'response',
      id: asked!.id,
      ok: false,
      error: { code: 'forbidden', message: 'You were not let in.' },
    });
    expect(await failureOf(joining)).toMatchObject({ code: 'forbidden' });
    expect(client.state).toMatchObject({ reason: 'refused', error: 'forbidden' });
  });

  test('is shown to moderators, as soon as they are in', async () => {
    call.server.answers.join = (message, to) => {
      const joined = call.lettingIn()(message, to);
      to.event('lobby-waiting', { waiting: [{ userId: 'eve', name: 'Eve' }] });
      return joined;
    };
    const told: number[] = [];
    client.events.on('lobbyChanged', (waiting) => told.push(waiting.length));
    await client.join();
    expect(client.waiting).toEqual([{ userId: 'eve', name: 'Eve' }]);
    socket().event('lobby-waiting', { waiting: [] });
    expect(told).toEqual([1, 0]);
  });
});

test('a track that a moderator mutes is paused here too, and an echo of our own change is not taken for that', async () => {
  await client.join();
  const local = await client.publish(fakeTrack('audio'), { source: 'microphone' });
  const tell = (isPaused: boolean) =>
    socket().event('participant-updated', {
      participant: wireParticipant('me', [voiceOf('me', { trackId: 'own-1', isPaused })]),
    });
  const muted: unknown[] = [];
  client.events.on('localTrackMuted', (track) => muted.push(track));
  const muting = client.pause(local);
  const unmuting = client.resume(local);
  tell(true);
  expect(local.isPaused).toBe(false);
  await Promise.all([muting, unmuting]);
  tell(false);
  expect(local.isPaused).toBe(false);
  tell(true);
  expect(local.isPaused).toBe(true);
  expect(local.mediaTrack.enabled).toBe(false);
  expect(muted).toEqual([local]);
});

test('hands, connections and the lock are what the server says', async () => {
  call.participants = [speaker('ann')];
  await client.join();
  const ann = client.participants.get('ann');
  const handRaisedAt = '2025-01-01T10:00:00.000Z';
  socket().event('participant-updated', {
    participant: { ...speaker('ann'), isConnected: false, handRaisedAt },
  });
  expect(ann?.isConnected).toBe(false);
  expect(ann?.handRaisedAt).toEqual(new Date(handRaisedAt));
  const hands: string[] = [];
  client.events.on('handRaised', ({ userId, isRaised }) => hands.push(`${userId} ${isRaised}`));
  socket().event('hand-raised', { userId: 'ann', isRaised: true });
  socket().event('hand-raised', { userId: 'me', isRaised: true });
  socket().event('participant-updated', { participant: { ...speaker('me'), handRaisedAt } });
  socket().event('participant-updated', { participant: { ...speaker('me'), handRaisedAt, name: 'I' } });
  expect(client.handRaisedAt).toEqual(new Date(handRaisedAt));
  socket().event('participant-updated', { participant: speaker('me') });
  expect(client.handRaisedAt).toBeNull();
  expect(hands).toEqual(['ann true', 'me true', 'me false']);
  socket().event('call-locked', { isLocked: true });
  expect(client.isLocked).toBe(true);
});

test('what a moderator does names whom', async () => {
  await client.join();
  await client.moderation.mute('ann');
  await client.moderation.refuse('eve');
  expect(socket().received.slice(-2)).toMatchObject([
    { type: 'mute-participant', targetUserId: 'ann', data: { kind: 'audio' } },
    { type: 'admit', targetUserId: 'eve', data: { isAdmitted: false } },
  ]);
});

test('a reaction of ours is shown to us as one of the others is', async () => {
  await client.join();
  const seen: string[] = [];
  client.events.on('reaction', ({ userId, reaction }) => seen.push(`${userId} ${reaction}`));
  await client.gestures.react('👏');
  socket().event('reaction', { userId: 'ann', reaction: '🎉', isPrivate: false });
  expect(seen).toEqual(['me 👏', 'ann 🎉']);
});

describe('a token that is about to end', () => {
  const expiresAt = '2026-01-01T10:00:00.000Z';
  const tokens: string[] = [];

  async function joinWith(getToken?: () => Promise<string>): Promise<void> {
    tokens.splice(0);
    client = new CallClient({ ...call.options, ...(getToken && { getToken }) });
    client.events.on('tokenExpiring', (at) => tokens.push(`ends ${at.toISOString()}`));
    call.server.answers['refresh-token'] = ({ data }) => {
      tokens.push(String(data.token));
      return { expiresAt: '2026-01-01T11:00:00.000Z' };
    };
    await client.join();
  }
  const expire = () => socket().event('token-expiring', { expiresAt });

  test('is followed by another one, which the next socket begins with', async () => {
    await joinWith(async () => 'fresh');
    expire();
    await until(() => tokens.length > 0);
    expect(tokens).toEqual(['fresh']);
    await until(() => socket().received.length > 0);
    socket().end(1006);
    await until(() => call.server.sockets.length === 2);
    expect(socket().protocols).toEqual(['bearer', 'fresh']);
  });

  test('is renewed for one who waits in the lobby, too', async () => {
    call.server.answers.join = (message, to) => {
      to.event('token-expiring', { expiresAt });
      to.event('lobby-waiting', { waiting: [me] });
      setTimeout(() => to.answer(message, call.lettingIn()(message, to)!), 20);
      return undefined;
    };
    await joinWith(async () => 'fresh');
    expect(tokens).toEqual(['fresh']);
    expect(socket().typesReceived().slice(0, 2)).toEqual(['join', 'refresh-token']);
  });

  test('is told to the application when there is no other one', async () => {
    await joinWith();
    expire();
    await until(() => tokens.length > 0);
    expect(tokens).toEqual([`ends ${expiresAt}`]);
  });

  test('is told when the server refuses the other one, and that one is not offered again and again', async () => {
    await joinWith(async () => 'no fresher');
    call.server.answers['refresh-token'] = () => {
      throw new Refusal('forbidden');
    };
    expire();
    await until(() => tokens.length > 0);
    expect(tokens).toEqual([`ends ${expiresAt}`]);
    expire();
    await until(() => tokens.length > 1);
    const offers = socket()
      .typesReceived()
      .filter((type) => type === 'refresh-token');
    expect(offers).toHaveLength(1);
  });
});

describe('what nobody shows', () => {
  const limits: number[] = [];
  const tell = (spatialLayer: number | null) =>
    socket().event('publish-layers', { trackId: 'own-1', spatialLayer });

  beforeEach(async () => {
    limits.splice(0);
    client = new CallClient({
      ...call.options,
      handlerFactory: {
        ...handlerFactory,
        factory: (options) => {
          const handler = handlerFactory.factory(options);
          handler.setMaxSpatialLayer = async (_, spatialLayer) => void limits.push(spatialLayer);
          return handler;
        },
      },
    });
    await client.join();
    await client.publish(fakeTrack('video'), { source: 'camera' });
  });

  test('is not sent: the layers above stop, and start again when they are wanted', async () => {
    tell(1);
    tell(null);
    tell(2);
    socket().event('publish-layers', { trackId: 'nobody-knows-it', spatialLayer: 1 });
    await until(() => limits.length === 3);
    expect(limits).toEqual([1, 0, 2]);
  });

  test('is all sent again on another socket: what was wanted meanwhile was told to nobody', async () => {
    tell(0);
    await until(() => limits.length === 1);
    const own = voiceOf('me', { trackId: 'own-1', kind: 'video', source: 'camera' });
    call.server.answers.resume = call.lettingIn({ isResumed: true, tracks: [own] });
    socket().end(1006);
    await until(() => limits.length === 2);
    expect(limits[1]).toBeGreaterThanOrEqual(2);
  });
});
