import { afterEach, beforeEach, expect, test } from 'bun:test';
import { fakeMicrophone, ScriptedServer, speaker, voiceOf } from '../../test/support/scripted-server.ts';
import { CallClient } from './index.ts';

let server: ScriptedServer;
let client: CallClient;

beforeEach(() => {
  server = new ScriptedServer();
  client = new CallClient({ ...server.options, requestTimeoutMs: 60 });
});

afterEach(() => client.close());

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('who is kept in the lobby waits as long as it takes, and is in when let in', async () => {
  let letIn = () => {};
  server.script.join = (request) => {
    letIn = () => server.last.answer(request, server.joined());
    return undefined;
  };
  const joining = client.join();
  await until(() => server.last?.types.includes('join'));
  server.last.tell('lobby-waiting', { waiting: [{ userId: 'me', name: 'Me' }] });
  expect(client.state.status).toBe('waiting');
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(client.waiting).toEqual([]);
  letIn();
  expect((await joining).userId).toBe('me');
  expect(client.state.status).toBe('connected');
});

test('a moderator is told who waits, also before the answer to the join', async () => {
  const told: number[] = [];
  client.events.on('lobbyChanged', (waiting) => told.push(waiting.length));
  server.script.join = (request) => {
    setTimeout(() => server.last.tell('lobby-waiting', { waiting: [{ userId: 'eve', name: 'Eve' }] }), 0);
    server.last.answer(request, server.joined());
    return undefined;
  };
  await client.join();
  await until(() => told.length > 0);
  expect(client.waiting).toEqual([{ userId: 'eve', name: 'Eve' }]);
  expect(client.permissions?.moderate).toBe(true);
});

test('a track that a moderator mutes is paused here too, and an echo of our own change is not taken for that', async () => {
  await client.join();
  const local = await client.publish(fakeMicrophone(), { source: 'microphone' });
  const tell = (isPaused: boolean) =>
    server.last.tell('participant-updated', {
      participant: speaker('me', [voiceOf('me', { trackId: 'own-1', isPaused })]),
    });
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
});

test('hands, connections and the lock are what the server says', async () => {
  server.participants = [speaker('ann')];
  await client.join();
  const ann = client.participants.get('ann');
  const handRaisedAt = '2025-01-01T10:00:00.000Z';
  server.last.tell('participant-updated', {
    participant: { ...speaker('ann'), isConnected: false, handRaisedAt },
  });
  expect(ann?.isConnected).toBe(false);
  expect(ann?.handRaisedAt).toEqual(new Date(handRaisedAt));
  server.last.tell('hand-raised', { userId: 'me', isRaised: true });
  expect(client.isHandRaised).toBe(true);
  server.last.tell('call-locked', { isLocked: true });
  expect(client.isLocked).toBe(true);
});

test('what a moderator does names whom', async () => {
  await client.join();
  await client.moderation.mute('ann');
  await client.moderation.refuse('eve');
  expect(server.last.requests.slice(-2)).toMatchObject([
    { type: 'mute-participant', targetUserId: 'ann', data: { kind: 'audio' } },
    { type: 'admit', targetUserId: 'eve', data: { isAdmitted: false } },
  ]);
});
