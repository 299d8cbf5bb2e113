import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { connect, createCall, join, publishMicrophone } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

describe('moderators', () => {
  test('mute others, who can unmute themselves; participants cannot', async () => {
    const host = await join(server, 'hanna', 'muting');
    const guest = await join(server, 'ivan', 'muting');
    await publishMicrophone(guest.client);
    const mute = (client: typeof host.client, targetUserId: string) =>
      client.request('mute-participant', {}, { targetUserId });
    expect(await failureOf(mute(guest.client, 'hanna'))).toMatchObject({ code: 'forbidden' });
    expect(await failureOf(mute(host.client, 'nobody'))).toMatchObject({ code: 'not_found' });
    expect(await failureOf(host.client.request('mute-participant', {}))).toMatchObject({
      code: 'invalid_message',
    });
    await mute(host.client, 'ivan');
    expect((await guest.client.event('participant-updated')).participant.tracks[0]?.isPaused).toBe(true);
    await guest.client.request('unmute', {});
    expect((await guest.client.event('participant-updated')).participant.tracks[0]?.isPaused).toBe(false);
    await Promise.all([host.client.close(), guest.client.close()]);
  });

  test('remove others with 4403, lock the call, and end it', async () => {
    const host = await join(server, 'hanna', 'removing');
    const guest = await join(server, 'ivan', 'removing');
    await host.client.request('remove-participant', {}, { targetUserId: 'ivan' });
    expect((await guest.client.closed).code).toBe(4403);
    expect(await host.client.event('participant-left')).toEqual({ userId: 'ivan', reason: 'removed' });
    await host.client.request('lock', {});
    expect(await host.client.event('call-locked')).toEqual({ isLocked: true });
    const again = await connect(server, 'ivan', 'removing');
    expect(await failureOf(again.request('join', { protocol: 'mediasoup' }))).toMatchObject({
      code: 'call_locked',
    });
    await host.client.request('unlock', {});
    expect((await again.request('join', { protocol: 'mediasoup' })).isLocked).toBe(false);
    await host.client.request('end-call', {});
    expect((await again.closed).code).toBe(4404);
  });

  test('who remove themselves are answered before their socket closes', async () => {
    const host = await join(server, 'hanna', 'self-removal');
    await host.client.request('remove-participant', {}, { targetUserId: 'hanna' });
    expect((await host.client.closed).code).toBe(4403);
  });

  test('are told when there is no room for one who waits, who waits on', async () => {
    await createCall(server, 'hanna', { id: 'no-room', maxParticipants: 2, settings: { waitingRoom: true } });
    const host = await join(server, 'hanna', 'no-room');
    const admit = (targetUserId: string) => host.client.request('admit', {}, { targetUserId });
    const ivan = await connect(server, 'ivan', 'no-room');
    const olga = await connect(server, 'olga', 'no-room');
    const admissions = [ivan, olga].map((client) => client.request('join', { protocol: 'mediasoup' }));
    await host.client.event('lobby-waiting', ({ waiting }) => waiting.length === 2);

    await host.client.request('lock', {});
    expect(await failureOf(admit('ivan'))).toMatchObject({ code: 'call_locked' });
    await host.client.request('unlock', {});
    await admit('ivan');
    expect((await admissions[0])?.userId).toBe('ivan');

    expect(await failureOf(admit('olga'))).toMatchObject({ code: 'call_full' });
    await ivan.close();
    await host.client.event('participant-left');
    await admit('olga');
    expect((await admissions[1])?.userId).toBe('olga');
    await Promise.all([host.client.close(), olga.close()]);
  });

  test('let people in from the lobby, or turn them away; who waits is told so and may go', async () => {
    await createCall(server, 'hanna', { id: 'lobby', settings: { waitingRoom: true } });
    const early = await connect(server, 'ivan', 'lobby');
    const admission = early.request('join', { protocol: 'mediasoup', name: 'Ivan' });
    expect(await early.event('lobby-waiting')).toEqual({ waiting: [{ userId: 'ivan', name: 'Ivan' }] });
    await early.request('ping', {});

    const host = await join(server, 'hanna', 'lobby');
    expect(await host.client.event('lobby-waiting')).toEqual({ waiting: [{ userId: 'ivan', name: 'Ivan' }] });
    await host.client.request('admit', {}, { targetUserId: 'ivan' });
    expect((await admission).participants.map(({ userId }) => userId)).toEqual(['hanna']);
    expect(await host.client.event('lobby-waiting')).toEqual({ waiting: [] });

    const refused = await connect(server, 'olga', 'lobby');
    const refusal = failureOf(refused.request('join', { protocol: 'mediasoup' }));
    await host.client.event('lobby-waiting', ({ waiting }) => waiting.length === 1);
    await host.client.request('admit', { isAdmitted: false }, { targetUserId: 'olga' });
    expect(await refusal).toMatchObject({ code: 'forbidden' });

    const impatient = await connect(server, 'paul', 'lobby');
    const given = failureOf(impatient.request('join', { protocol: 'mediasoup' }));
    await host.client.event('lobby-waiting', ({ waiting }) => waiting[0]?.userId === 'paul');
    await impatient.request('leave', {});
    expect(await given).toMatchObject({ code: 'invalid_state' });
    await host.client.event('lobby-waiting', ({ waiting }) => waiting.length === 0);

    const waiting = await connect(server, 'rita', 'lobby');
    const ended = failureOf(waiting.request('join', { protocol: 'mediasoup' }));
    await host.client.event('lobby-waiting', ({ waiting: list }) => list[0]?.userId === 'rita');
    await host.client.request('end-call', {});
    expect(await ended).toMatchObject({ code: 'call_ended' });
    await Promise.all([early, refused, impatient, waiting].map((client) => client.close()));
  });
});

describe('participants', () => {
  test('raise and lower hands, react, and change how they are called', async () => {
    const host = await join(server, 'hanna', 'hands');
    const guest = await join(server, 'ivan', 'hands');
    await guest.client.request('raise-hand', {});
    expect(await host.client.event('hand-raised')).toEqual({ userId: 'ivan', isRaised: true });
    const late = await join(server, 'olga', 'hands');
    expect(late.joined.participants.find(({ userId }) => userId === 'ivan')?.handRaisedAt).toBeString();
    expect(await failureOf(late.client.request('lower-hand', {}, { targetUserId: 'ivan' }))).toMatchObject({
      code: 'forbidden',
    });
    await host.client.request('lower-hand', {}, { targetUserId: 'ivan' });
    expect(await late.client.event('hand-raised')).toEqual({ userId: 'ivan', isRaised: false });
    await guest.client.request('reaction', { reaction: '👏' });
    expect(await host.client.event('reaction')).toEqual({ userId: 'ivan', reaction: '👏', isPrivate: false });
    await guest.client.request('update-metadata', { name: 'Ivan G.', metadata: { team: 'red' } });
    expect(
      await host.client.event('participant-updated', ({ participant }) => participant.name === 'Ivan G.'),
    ).toMatchObject({ participant: { metadata: { team: 'red' } } });
    await guest.client.request('update-metadata', { name: 'Ivan', metadata: null });
    expect(
      await host.client.event('participant-updated', ({ participant }) => participant.name === 'Ivan'),
    ).toMatchObject({ participant: { metadata: {} } });
    await Promise.all([host, guest, late].map(({ client }) => client.close()));
  });

  test('who are hidden stay so when they raise a hand, change their name or lose their socket', async () => {
    const host = await join(server, 'hanna', 'unseen');
    const token = await server.token('spy', [], { grants: { unseen: { subscribe: true, hidden: true } } });
    const spy = await SignalingClient.connect(server.url, token, 'unseen');
    await spy.request('join', { protocol: 'mediasoup' });
    await spy.request('raise-hand', {});
    expect(await spy.event('hand-raised')).toEqual({ userId: 'spy', isRaised: true });
    await spy.request('update-metadata', { name: 'Nobody' });
    await spy.event('participant-updated', ({ participant }) => participant.name === 'Nobody');
    await spy.cut();
    const lost = server.app.calls.registry.get('unseen')?.participants.get('spy');
    while (lost?.describe().isConnected !== false) await Bun.sleep(10);
    await host.client.request('ping', {});
    expect(host.client.events.map(({ type }) => type)).toEqual(['joined']);
    await host.client.close();
  });
});
