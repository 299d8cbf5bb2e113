/** Phone calls that are recorded because somebody asked for it: the caller left, the far end right. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toneFrame } from '../../src/voip/leg/tones.ts';
import { completedRecording } from '../support/ingest/results.ts';
import { ServerProcess } from '../support/kills/server-process.ts';
import { PhoneClient } from '../support/phone/client.ts';
import { Listener } from '../support/phone/listener.ts';
import { StereoSound } from '../support/phone/stereo.ts';
import { TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 120_000;
const NUMBER = '+12015550123';
/** What `mock` plays when it has answered, at its level; and what our caller says. */
const TONE_HZ = 440;
const BEEP_HZ = 1_000;
const BEEP_LEVEL = 6_000;
/** What is there is louder than this, and what is not is softer than the other. */
const THERE = 2_500;
const NOT_THERE = 300;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env: { DISK_MIN_FREE: '1MiB' } });
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
}, TIMEOUT_MS);

async function recordingsOf(of: { url: string }, token: string): Promise<{ id: string }[]> {
  const response = await fetch(`${of.url}/recordings?kind=phone`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await response.json()) as { recordings: { id: string }[] }).recordings;
}

const soundOf = (dataDir: string, id: string) =>
  StereoSound.read(join(dataDir, 'recordings', 'phone', id, 'recording.mp4'));

test(
  'has the far end in the right ear alone, the caller in the left, and lasts from the answer to the end',
  async () => {
    const alice = await PhoneClient.create(server, 'alice');
    const token = await server.token('alice', ['participant']);
    const { status, body } = await alice.dialRecorded(NUMBER);
    expect(status).toBe(200);
    const id: string = body.call_id;
    const call = server.app.phone.live.get(id);
    if (!call) throw new Error('the call does not live');
    const farEnd = call.phone.participant.userId;
    const caller = await Listener.join(call.call, 'microphone');
    // The far end plays its tone for 100 frames; from then on it says again what it hears.
    await caller.hear(farEnd, 130);
    for (let index = 0; index < 20; index += 1) {
      caller.say(toneFrame([BEEP_HZ], { index, level: BEEP_LEVEL }));
      await Bun.sleep(20);
    }
    await caller.hear(farEnd, 190);
    expect((await alice.ask('GET', `/${id}`)).body.record).toBe(true);
    await alice.hangUp(id);

    const recording = await completedRecording(server, id, token);
    expect(recording).toMatchObject({ kind: 'phone', owner_id: 'alice', call_id: null });
    expect((await recordingsOf(server, token)).map((one) => one.id)).toEqual([id]);
    const other = await server.token('mallory', ['participant']);
    expect(await recordingsOf(server, other)).toEqual([]);
    const { record, answered_at, end_time } = (await alice.ask('GET', `/${id}`)).body;
    expect(record).toBe(true);
    const sound = await soundOf(server.dataDir, id);
    const talked = (Date.parse(end_time) - Date.parse(answered_at)) / 1_000;
    expect(Math.abs(sound.seconds - talked)).toBeLessThan(0.8);
    expect(sound.loudest('right', TONE_HZ)).toBeGreaterThan(THERE);
    expect(sound.loudest('left', TONE_HZ)).toBeLessThan(NOT_THERE);
    expect(sound.onset('right', TONE_HZ, THERE)).toBeLessThan(0.3);
    // Said, and then heard again.
    const [said, echoed] = (['left', 'right'] as const).map((ear) => sound.onset(ear, BEEP_HZ, THERE));
    expect(said).toBeGreaterThan(2);
    expect(echoed).toBeGreaterThan(said ?? Number.NaN);
    expect(await readdir(join(server.dataDir, 'capture')).then(visible)).toEqual([]);
  },
  TIMEOUT_MS,
);

const visible = (names: string[]) => names.filter((name) => !name.startsWith('.'));

test(
  'is not made of a call for which nobody asked, nor of one that nobody answered',
  async () => {
    const bob = await PhoneClient.create(server, 'bob');
    const token = await server.token('bob', ['participant']);
    const plain = (await bob.dial(NUMBER)).body.call_id;
    await bob.eventsUntil(plain, 'active');
    expect(server.app.calls.recordings.runningCount).toBe(0);
    await bob.hangUp(plain);
    expect((await bob.ask('GET', `/${plain}`)).body.record).toBe(false);

    const busy = (await bob.dialRecorded('+12015550001')).body.call_id;
    await bob.eventsUntil(busy, 'ended');
    expect((await bob.ask('GET', `/${busy}`)).body).toMatchObject({ status: 'failed', record: false });
    await until('nothing is recorded', () => server.app.calls.recordings.runningCount === 0);
    await until('its folder is gone', () => !existsSync(join(server.dataDir, 'capture', busy)));
    expect(await recordingsOf(server, token)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'is finished when the server was killed in the middle of the call',
  async () => {
    const dataDir = await createDataDir();
    const killed = await ServerProcess.start({ dataDir, env: { DISK_MIN_FREE: '1MiB' } });
    try {
      const token = await killed.token('carol');
      const carol = new PhoneClient(killed, token);
      const { call_id } = (await carol.dialRecorded(NUMBER)).body;
      await carol.eventsUntil(call_id, 'active');
      await Bun.sleep(3_000);
      await killed.end('SIGKILL');
      await killed.restart();
      expect((await carol.ask('GET', `/${call_id}`)).body).toMatchObject({ record: true });
      const recording = await completedRecording(killed, call_id, token);
      expect(recording).toMatchObject({ kind: 'phone', owner_id: 'carol' });
      const sound = await soundOf(dataDir, call_id);
      expect(sound.seconds).toBeGreaterThan(2);
      expect(sound.seconds).toBeLessThan(6);
      expect(sound.loudest('right', TONE_HZ)).toBeGreaterThan(THERE);
      expect(sound.loudest('left', TONE_HZ)).toBeLessThan(NOT_THERE);
    } finally {
      await killed.end('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'goes on when the server is ended by %s and started while the network carries the call',
  async (signal) => {
    const twilio = new TwilioStandIn();
    const dataDir = await createDataDir();
    const env = { ...twilio.env, DISK_MIN_FREE: '1MiB' };
    const stopped = await ServerProcess.start({ dataDir, env });
    try {
      twilio.serve(stopped.url);
      const token = await stopped.token('dora');
      const dora = new PhoneClient(stopped, token);
      const { call_id } = (await dora.dialRecorded(NUMBER)).body;
      const farEnd = twilio.of(call_id);
      let count = 0;
      /** What it hears comes at the pace of the clock. */
      const talk = async (hertz: number) => {
        for (let frame = 0; frame < 60; frame += 1) {
          farEnd.say(toneFrame([hertz], { index: count }));
          count += 1;
          await farEnd.hear(farEnd.bytesHeard.length + 160);
        }
      };
      await farEnd.answer();
      await farEnd.hear(160);
      await talk(TONE_HZ);
      await stopped.end(signal);
      await until('the socket is gone', () => !farEnd.isOpen);
      await stopped.restart();
      await farEnd.runVerb();
      await farEnd.hear(farEnd.bytesHeard.length + 160);
      await talk(BEEP_HZ);
      expect((await dora.hangUp(call_id)).body).toMatchObject({ status: 'completed' });
      await completedRecording(stopped, call_id, token);
      const sound = await soundOf(dataDir, call_id);
      const [before, after] = [TONE_HZ, BEEP_HZ].map((hertz) => sound.onset('right', hertz, THERE));
      expect(before).toBeLessThan(1);
      expect(after).toBeGreaterThan((before ?? Number.NaN) + 1);
      for (const hertz of [TONE_HZ, BEEP_HZ]) expect(sound.loudest('left', hertz)).toBeLessThan(NOT_THERE);
    } finally {
      await stopped.end('SIGKILL');
      twilio.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

const { bavail, bsize } = await statfs(tmpdir());
const isHuge = bavail * bsize > 2 ** 40;
if (isHuge) console.log('a recording without space is skipped: this disk has more than can be asked for');

test.skipIf(isHuge)(
  'is asked for where there is no space: nobody is dialled',
  async () => {
    const full = await startTestServer({ env: { DISK_MIN_FREE: '1024GiB' } });
    try {
      const emil = await PhoneClient.create(full, 'emil');
      expect(await emil.dialRecorded(NUMBER)).toMatchObject({
        status: 503,
        body: { error: 'call_initiation_failed' },
      });
      const { calls } = (await emil.ask('GET', '')).body;
      expect(calls).toMatchObject([{ status: 'failed', session_id: null, record: false }]);
      expect(full.app.phone.live.size).toBe(0);
      const plain = await emil.dial(NUMBER);
      expect(plain.status).toBe(200);
      await emil.hangUp(plain.body.call_id);
    } finally {
      await full.close();
    }
  },
  TIMEOUT_MS,
);
