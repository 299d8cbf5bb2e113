/** Phones in a video call: three people and two phones, a tone each; everyone hears exactly the others. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Decoder } from '@evan/opus';
import { OpusVoice } from '../../src/voip/leg/opus.ts';
import { toneFrame } from '../../src/voip/leg/tones.ts';
import { createCall, join } from '../support/people.ts';
import { levelAt, levelOfMuLaw } from '../support/phone/level.ts';
import { Listener } from '../support/phone/listener.ts';
import { type StandInCall, TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 90_000;
const ROOM = 'mixed';
const OPUS_TICKS = 960;
const LEVEL = 4_000;
/** What is there is louder than this, of `LEVEL`; what is not is softer than the other. */
const THERE = 1_500;
const NOT_THERE = 300;
const SECOND_BYTES = 8_000;

let twilio: TwilioStandIn;
let server: TestServer;

beforeAll(async () => {
  twilio = new TwilioStandIn();
  server = await startTestServer({ env: twilio.env });
  twilio.serve(server.url);
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
  twilio?.close();
}, TIMEOUT_MS);

async function dial(userId: string, roles: Parameters<TestServer['token']>[1], number: string) {
  const response = await fetch(`${server.url}/video-calls/${ROOM}/dial`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await server.token(userId, roles)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ phone_number: number }),
  });
  return { status: response.status, body: (await response.json()) as { call_id: string; error: string } };
}

/** Which of the tones are in a sound. */
function tonesIn(tones: readonly number[], levelOf: (tone: number) => number): number[] {
  const levels = tones.map(levelOf);
  expect(levels.filter((level) => level > NOT_THERE && level < THERE)).toEqual([]);
  return tones.filter((_, index) => (levels[index] ?? 0) >= THERE);
}

test(
  'each phone hears everyone but itself, and everyone hears each phone',
  async () => {
    await createCall(server, 'hanna', { id: ROOM });
    const { client } = await join(server, 'hanna', ROOM);
    const call = server.app.calls.registry.get(ROOM);
    if (!call) throw new Error('the call does not live');
    expect(await dial('somebody', ['participant'], '+12015550123')).toMatchObject({
      status: 404,
      body: { error: 'call_not_found' },
    });
    const ends: { readonly farEnd: StandInCall; readonly userId: string }[] = [];
    for (const number of ['+12015550123', '+12015550124']) {
      const { status, body } = await dial('hanna', ['host'], number);
      expect(status).toBe(201);
      const farEnd = twilio.of(body.call_id);
      await farEnd.answer();
      ends.push({ farEnd, userId: `phone-${body.call_id}` });
    }
    const people = await Promise.all(['ann', 'ben', 'cid'].map((name) => Listener.join(call, name, 'opus')));
    const tones = [500, 700, 900, 1_100, 1_300];
    const encoders = people.map(() => new OpusVoice());
    let index = 0;
    const talking = setInterval(() => {
      const frames = tones.map((tone) => toneFrame([tone], { index, level: LEVEL }));
      for (const [place, frame] of frames.entries()) {
        const encoder = encoders[place];
        if (encoder) people[place]?.say(encoder.encode(frame), OPUS_TICKS);
        else ends[place - people.length]?.farEnd.say(frame);
      }
      index += 1;
    }, 20);
    try {
      const phoneTones = ends.map((_, place) => tones[people.length + place] ?? 0);
      const lastSecond = (place: number) =>
        ends[place]?.farEnd.bytesHeard.subarray(-SECOND_BYTES) ?? Buffer.alloc(0);
      await until(
        'the phones hear the others',
        () =>
          tones.filter((tone) => levelOfMuLaw(lastSecond(0), tone) > THERE).length === 4 &&
          tones.filter((tone) => levelOfMuLaw(lastSecond(1), tone) > THERE).length === 4,
        40_000,
      );
      for (const [place, own] of phoneTones.entries())
        expect(tonesIn(tones, (tone) => levelOfMuLaw(lastSecond(place), tone))).toEqual(
          tones.filter((tone) => tone !== own),
        );
      for (const person of people) {
        for (const [place, { userId }] of ends.entries()) {
          await person.hear(userId, 60);
          const decoder = new Decoder({ channels: 1, sample_rate: 8_000 });
          const decoded = person.packetsOf(userId).map(({ payload }) => decoder.decode(payload).slice());
          const bytes = Buffer.concat(decoded).subarray(-2 * SECOND_BYTES);
          const samples = Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
          expect(tonesIn(tones, (tone) => levelAt(samples, tone))).toEqual([phoneTones[place] ?? 0]);
        }
      }
    } finally {
      clearInterval(talking);
    }
    await ends[0]?.farEnd.end();
    await until('the phone that hung up has left', () => !call.participants.has(ends[0]?.userId ?? ''));
    expect(call.participants.has(ends[1]?.userId ?? '')).toBe(true);
    call.end('ended-by-host');
    await until('the other one was hung up', () => ends[1]?.farEnd.endedAt !== undefined);
    await client.close();
  },
  TIMEOUT_MS,
);
