import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { ScriptedCall } from '../../test/support/scripted-call.ts';
import { Refusal } from '../../test/support/scripted-socket.ts';
import { until } from '../../test/support/until.ts';
import { CallClient, type CurrentRecording } from './index.ts';

const ID = '01a1fd47-2503-775f-89fa-9e9145e2f13f';
const OTHER_ID = '01a1fd47-2503-775f-89fa-000000000000';
const running = { recordingId: ID, startedAt: '2026-01-01T10:00:00.000Z', startedBy: 'ann' };

let call: ScriptedCall;
let client: CallClient;
let told: (CurrentRecording | null)[];
const socket = () => call.server.latest;

beforeEach(() => {
  call = new ScriptedCall();
  client = new CallClient({ ...call.options, requestTimeoutMs: 60 });
  told = [];
  client.events.on('recordingChanged', (recording) => told.push(recording));
});

afterEach(() => client.close());

describe('a recording of the call', () => {
  test('is known from its start to its stop, and told once of each', async () => {
    await client.join();
    expect(client.recording).toBeNull();
    socket().event('recording-started', running);
    // A server that was away tells again.
    socket().event('recording-started', running);
    expect(client.recording).toEqual({
      recordingId: ID,
      startedAt: new Date('2026-01-01T10:00:00Z'),
      startedBy: 'ann',
      troubles: [],
    });
    const stops: string[] = [];
    client.events.on('recordingStopped', ({ reason }) => stops.push(reason));
    socket().event('recording-stopped', { recordingId: ID, reason: 'max-duration' });
    expect(client.recording).toBeNull();
    expect(told.map((recording) => recording?.recordingId)).toEqual([ID, undefined]);
    expect(stops).toEqual(['max-duration']);
  });

  test('goes on when an earlier one is said to have stopped', async () => {
    await client.join();
    socket().event('recording-started', running);
    socket().event('recording-stopped', { recordingId: OTHER_ID, reason: 'deleted' });
    expect(client.recording?.recordingId).toBe(ID);
  });

  test('is known to who comes later', async () => {
    call.server.answers.join = call.lettingIn({ recording: running });
    await client.join();
    expect(client.recording?.recordingId).toBe(ID);
    expect(told).toHaveLength(1);
  });

  test('is what the server says after a lost socket, whatever was missed', async () => {
    await client.join();
    socket().event('recording-started', running);
    call.server.answers.join = call.lettingIn({ recording: { ...running, recordingId: OTHER_ID } });
    socket().end(1006);
    await until('we are back', () => client.recording?.recordingId === OTHER_ID);
    call.server.answers.join = call.lettingIn();
    socket().end(1006);
    await until('we are back', () => client.recording === null);
    expect(told.map((recording) => recording?.recordingId)).toEqual([ID, OTHER_ID, undefined]);
  });

  test('says what is not recorded, until it is again', async () => {
    await client.join();
    socket().event('recording-started', running);
    const tell = (reason: 'disk-full' | 'track-not-captured', isOver: boolean) =>
      socket().event('recording-trouble', { recordingId: ID, reason, isOver });
    tell('disk-full', false);
    tell('disk-full', false);
    tell('track-not-captured', false);
    tell('disk-full', true);
    tell('disk-full', true);
    expect(told.slice(1).map((recording) => recording?.troubles)).toEqual([
      ['disk-full'],
      ['disk-full', 'track-not-captured'],
      ['track-not-captured'],
    ]);
  });

  test('is followed until its files are there, or cannot be made', async () => {
    await client.join();
    const heard: object[] = [];
    for (const name of ['recordingProgress', 'recordingCompleted', 'recordingFailed'] as const) {
      client.events.on(name, (news: object) => heard.push({ name, ...news }));
    }
    socket().event('recording-progress', { recordingId: ID, phase: 'composing', progress: 0.4 });
    socket().event('recording-completed', { recordingId: ID, duration: 12 });
    socket().event('recording-failed', { recordingId: OTHER_ID, reason: 'Nothing was captured.' });
    expect(heard).toEqual([
      { name: 'recordingProgress', recordingId: ID, phase: 'composing', progress: 0.4 },
      { name: 'recordingCompleted', recordingId: ID, durationSeconds: 12 },
      { name: 'recordingFailed', recordingId: OTHER_ID, reason: 'Nothing was captured.' },
    ]);
  });
});

test('a recording is started and stopped as asked, and a refusal is told', async () => {
  call.server.answers['start-recording'] = ({ data }) => ({
    recordingId: data.layout === 'grid' ? ID : OTHER_ID,
    status: 'recording',
  });
  call.server.answers['stop-recording'] = () => {
    throw new Refusal('invalid_state');
  };
  expect(await failureOf(client.startRecording())).toMatchObject({ code: 'not_joined' });
  await client.join();
  expect(await client.startRecording({ layout: 'grid' })).toEqual({ recordingId: ID, status: 'recording' });
  expect(await failureOf(client.stopRecording())).toMatchObject({ code: 'invalid_state' });
});
