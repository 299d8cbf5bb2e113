/** Phone calls as SPEC 8 has them, by the provider `mock`: one test a rule. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { toneFrame } from '../../src/voip/leg/tones.ts';
import { PhoneClient } from '../support/phone/client.ts';
import { levelOfMuLaw } from '../support/phone/level.ts';
import { Listener } from '../support/phone/listener.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;
const NUMBER = '+12015550123';

let server: TestServer;
let nextUser = 0;

beforeAll(async () => {
  server = await startTestServer({ env: { VOIP_CALLS_PER_DAY: '3' } });
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
}, TIMEOUT_MS);

/** A caller who has not called yet. */
function caller(roles?: Parameters<typeof PhoneClient.create>[2]): Promise<PhoneClient> {
  nextUser += 1;
  return PhoneClient.create(server, `caller-${nextUser}`, roles);
}

const liveCall = (id: string) => {
  const call = server.app.phone.live.get(id);
  if (!call) throw new Error('the call does not live');
  return call;
};

describe('a call', () => {
  test(
    'rings, is answered, is hung up, and its duration is counted from the answer; hanging up twice is the same',
    async () => {
      const alice = await caller();
      const { status, body } = await alice.dial('+1 (201) 555-0123');
      expect(status).toBe(200);
      expect(Object.keys(body).toSorted()).toEqual([
        'call_id',
        'sdp_offer',
        'session_id',
        'start_time',
        'status',
      ]);
      expect(body).toMatchObject({ status: 'connecting', session_id: expect.stringMatching(/^mock-/) });
      const events = await alice.eventsUntil(body.call_id, 'active');
      expect(events.map(({ name }) => name)).toEqual(['connecting', 'ringing', 'active']);
      const live = await alice.ask('GET', `/${body.call_id}`);
      expect(live.body).toMatchObject({
        phone_number: NUMBER,
        status: 'active',
        end_time: null,
        end_reason: null,
      });
      await Bun.sleep(1_200);
      const ended = await alice.hangUp(body.call_id);
      expect(ended.body).toMatchObject({ call_id: body.call_id, status: 'completed' });
      expect(ended.body.duration).toBeGreaterThanOrEqual(1);
      expect(await alice.hangUp(body.call_id)).toMatchObject({ status: 200, body: ended.body });
      const row = (await alice.ask('GET', `/${body.call_id}`)).body;
      expect(row).toMatchObject({
        end_reason: 'caller-hung-up',
        duration: ended.body.duration,
        sdp_offer: null,
      });
      const talked = (Date.parse(row.end_time) - Date.parse(row.answered_at)) / 1_000;
      expect(Math.abs(talked - row.duration)).toBeLessThanOrEqual(0.5);
      expect((await alice.ask('GET', '')).body).toMatchObject({ calls: [{ call_id: body.call_id }] });
      expect(server.app.phone.live.get(body.call_id)).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  test('offers one section of audio, both ways, with µ-law and nothing else', async () => {
    const alice = await caller();
    const { body } = await alice.dial(NUMBER);
    expect(body.sdp_offer.match(/^m=.*$/gm)).toEqual(['m=audio 9 UDP/TLS/RTP/SAVPF 0']);
    expect(body.sdp_offer).toContain('a=rtpmap:0 PCMU/8000');
    expect(body.sdp_offer).toContain('a=sendrecv');
    expect(body.sdp_offer).toContain('a=candidate:');
    await alice.hangUp(body.call_id);
  });

  test(
    'has a far end that plays a tone and says again what it hears, byte by byte',
    async () => {
      const alice = await caller();
      const { body } = await alice.dial(NUMBER);
      const { call, phone } = liveCall(body.call_id);
      const listener = await Listener.join(call, 'listener');
      const farEnd = phone.participant.userId;
      await listener.hear(farEnd, 50);
      const tone = listener.bytesOf(farEnd).subarray(-40 * 160);
      expect(levelOfMuLaw(tone, 440)).toBeGreaterThan(6_000);
      expect(levelOfMuLaw(tone, 1_000)).toBeLessThan(200);
      await listener.hear(farEnd, 120);
      // Frames that can be told from one another.
      const said = Array.from({ length: 20 }, (_, index) =>
        toneFrame([1_000], { index, level: 3_000 + index * 200 }),
      );
      const wanted = Buffer.concat(said.slice(2, 10));
      const isEchoed = () => Buffer.from(listener.bytesOf(farEnd)).includes(wanted);
      // A machine that stands still for a moment loses frames, so it may be said more than once.
      for (let attempt = 0; attempt < 10 && !isEchoed(); attempt += 1) {
        const count = listener.packetsOf(farEnd).length;
        for (const frame of said) {
          listener.say(frame);
          await Bun.sleep(20);
        }
        await listener.hear(farEnd, count + 60);
      }
      expect(isEchoed()).toBe(true);
      await alice.hangUp(body.call_id);
    },
    TIMEOUT_MS,
  );

  test(
    'takes keys once somebody has answered: the far end hears their tones',
    async () => {
      const alice = await caller();
      const { body } = await alice.dial(NUMBER);
      const press = (digits?: string) => alice.ask('POST', `/${body.call_id}/dtmf`, { digits });
      expect(await press('1')).toMatchObject({ status: 409, body: { error: 'invalid_state' } });
      expect(await press('hello')).toMatchObject({ status: 400, body: { error: 'validation_error' } });
      expect(await press()).toMatchObject({ status: 400 });
      await alice.eventsUntil(body.call_id, 'active');
      const { call, phone } = liveCall(body.call_id);
      const listener = await Listener.join(call, 'listener');
      const farEnd = phone.participant.userId;
      await listener.hear(farEnd, 105);
      expect((await press('5')).status).toBe(204);
      const count = listener.packetsOf(farEnd).length;
      await listener.hear(farEnd, count + 40);
      const frames = listener
        .packetsOf(farEnd)
        .slice(count - 5)
        .map(({ payload }) => payload);
      const pressed = frames.filter(
        (frame) => levelOfMuLaw(frame, 770) > 4_000 && levelOfMuLaw(frame, 1_336) > 4_000,
      );
      expect(pressed.length).toBeGreaterThanOrEqual(4);
      await alice.hangUp(body.call_id);
    },
    TIMEOUT_MS,
  );

  test.concurrent.each([
    ['+12015550001', 'busy'],
    ['+12015550002', 'no-answer'],
    ['+12015550003', 'rejected'],
    ['+12015550004', 'failed'],
  ])(
    'to %s has failed: %s',
    async (number, reason) => {
      const alice = await caller();
      const { body } = await alice.dial(number);
      const last = (await alice.eventsUntil(body.call_id, 'ended')).at(-1);
      expect(last?.data).toMatchObject({
        status: 'failed',
        end_reason: reason,
        duration: 0,
        answered_at: null,
      });
    },
    TIMEOUT_MS,
  );

  test(
    'is told to its watchers until it has ended; then the answer ends, also for one who comes later',
    async () => {
      const alice = await caller();
      const { body } = await alice.dial(NUMBER);
      const namesOf = async () => {
        const names: string[] = [];
        for await (const { name } of alice.events(body.call_id)) names.push(name);
        return names;
      };
      const watching = namesOf();
      await alice.eventsUntil(body.call_id, 'active');
      await alice.hangUp(body.call_id);
      expect((await watching).slice(-2)).toEqual(['active', 'ended']);
      expect(await namesOf()).toEqual(['ended']);
    },
    TIMEOUT_MS,
  );

  test(
    'ends when the far end hangs up',
    async () => {
      const alice = await caller();
      const { body } = await alice.dial('+12015550005');
      const last = (await alice.eventsUntil(body.call_id, 'ended')).at(-1);
      expect(last?.data).toMatchObject({ status: 'completed', end_reason: 'callee-hung-up' });
      expect(last?.data.duration).toBeGreaterThanOrEqual(2);
    },
    TIMEOUT_MS,
  );
});

describe('who may do what', () => {
  test('one call a user, until it has ended', async () => {
    const alice = await caller();
    const { body } = await alice.dial(NUMBER);
    expect(await alice.dial(NUMBER)).toMatchObject({ status: 409, body: { error: 'call_already_active' } });
    await alice.hangUp(body.call_id);
    const second = await alice.dial(NUMBER);
    expect(second.status).toBe(200);
    await alice.hangUp(second.body.call_id);
  });

  test('a repeated request with its Idempotency-Key is the same call, at once and later; not for another number', async () => {
    const alice = await caller();
    const key = { 'idempotency-key': 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => alice.dial(NUMBER, key)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const { call_id } = answers[0]?.body ?? {};
    expect(await alice.dial('+12015550124', key)).toMatchObject({
      status: 400,
      body: { error: 'validation_error' },
    });
    await alice.hangUp(call_id);
    expect((await alice.dial(NUMBER, key)).body).toMatchObject({ call_id, status: 'completed' });
  });

  test('so many calls a day, and no more', async () => {
    const alice = await caller();
    for (let call = 0; call < 3; call += 1) await alice.hangUp((await alice.dial(NUMBER)).body.call_id);
    expect(await alice.dial(NUMBER)).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
  });

  test('calls of others are 403, unknown ones 404, to look at, answer, hear of and end', async () => {
    const [alice, bob] = [await caller(), await caller()];
    const { body } = await alice.dial(NUMBER);
    const requests = (id: string): [string, string, unknown?][] => [
      ['GET', `/${id}`],
      ['GET', `/${id}/events`],
      ['POST', `/${id}/answer`, { sdp_answer: 'v=0' }],
      ['POST', `/${id}/candidates`, {}],
      ['POST', `/${id}/dtmf`, { digits: '1' }],
      ['POST', '/terminate', { call_id: id }],
    ];
    for (const [method, path, content] of requests(body.call_id)) {
      expect(await bob.ask(method, path, content)).toMatchObject({
        status: 403,
        body: { error: 'unauthorized', message: 'No access to this call' },
      });
    }
    for (const [method, path, content] of requests('0199c0de-7a11-7000-8000-00000000dead')) {
      expect(await bob.ask(method, path, content)).toMatchObject({
        status: 404,
        body: { error: 'call_not_found', message: 'call not found' },
      });
    }
    expect(liveCall(body.call_id).row.status).not.toBe('completed');
    await alice.hangUp(body.call_id);
  });

  test('viewers and services may not dial, nor tokens for single calls; without a token it is 401', async () => {
    const refused = { status: 403, body: { error: 'unauthorized' } };
    expect(await (await caller(['viewer'])).dial(NUMBER)).toMatchObject(refused);
    expect(await (await caller(['service'])).dial(NUMBER)).toMatchObject(refused);
    const grants = { call: { phone: true } };
    const guest = new PhoneClient(server, await server.token('guest', ['participant'], { grants }));
    expect(await guest.dial(NUMBER)).toMatchObject(refused);
    const response = await fetch(`${server.url}/api/calls`);
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
      401,
      'unauthorized',
    ]);
  });

  test('bad requests are 400, with the reason', async () => {
    const alice = await caller();
    const reasonOf = async (path: string, body: unknown) => {
      const { status, body: answer } = await alice.ask('POST', path, body);
      expect([status, answer.error]).toEqual([400, 'validation_error']);
      return answer.message as string;
    };
    expect(await reasonOf('/initiate', {})).toBe('phone_number is required');
    expect(await reasonOf('/initiate', { phone_number: '12' })).toContain('must begin with +');
    expect(await reasonOf('/initiate', { phone_number: '+19002345678' })).toContain(
      'costs its callers extra',
    );
    expect(await reasonOf('/terminate', {})).toBe('call_id is required');
    await reasonOf('/initiate', { phone_number: 12 });
    const { body } = await alice.dial(NUMBER);
    expect((await alice.ask('POST', `/${body.call_id}/answer`, { sdp_answer: 'no sdp' })).body.error).toBe(
      'invalid_sdp',
    );
    await alice.hangUp(body.call_id);
  });
});
