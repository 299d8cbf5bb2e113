/** The provider `twilio`, by the real package, against a stand-in that behaves as the public documentation says. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { PhoneClient } from '../support/phone/client.ts';
import { Listener } from '../support/phone/listener.ts';
import { type StandInCall, sign, TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const NUMBER = '+12015550123';
const FRAME_BYTES = 160;

let twilio: TwilioStandIn;
let server: TestServer;
let nextUser = 0;

beforeAll(async () => {
  twilio = new TwilioStandIn();
  server = await startTestServer({ env: twilio.env });
  twilio.serve(server.url);
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
  twilio?.close();
}, TIMEOUT_MS);

function caller(): Promise<PhoneClient> {
  nextUser += 1;
  return PhoneClient.create(server, `caller-${nextUser}`);
}

interface Dialled {
  readonly alice: PhoneClient;
  readonly id: string;
  readonly farEnd: StandInCall;
}

async function dial(): Promise<Dialled> {
  const alice = await caller();
  const { status, body } = await alice.dial(NUMBER);
  expect(status).toBe(200);
  return { alice, id: body.call_id, farEnd: twilio.of(body.call_id) };
}

async function talk(): Promise<Dialled> {
  const dialled = await dial();
  await dialled.farEnd.answer();
  return dialled;
}

const statusOf = async ({ alice, id }: Dialled) => (await alice.ask('GET', `/${id}`)).body;

/** What the network tells is answered before all of it is done: how the call stands once it is as it should be, or else at last. */
async function standing(dialled: Dialled, isSo: (call: { status: string; is_ringing: boolean }) => boolean) {
  const givesUpAt = Date.now() + 15_000;
  let call = await statusOf(dialled);
  while (!isSo(call) && Date.now() < givesUpAt) {
    await Bun.sleep(10);
    call = await statusOf(dialled);
  }
  return call;
}

const hasEnded = ({ status }: { status: string }) => status === 'completed' || status === 'failed';
const liveCall = (id: string) => {
  const call = server.app.phone.live.get(id);
  if (!call) throw new Error('the call does not live');
  return call;
};
const countDialled = () => twilio.requests.filter((request) => request === 'POST Calls.json').length;
/** Frames that can be told from one another, and from silence. */
const pattern = (count: number) =>
  Array.from({ length: count }, (_, frame) =>
    Uint8Array.from({ length: FRAME_BYTES }, (_, index) => (frame * 31 + index * 7) % 255),
  );

describe('dialling', () => {
  test(
    'asks once for a request that is repeated, with the numbers, a limit, callbacks and TwiML that comes back',
    async () => {
      const before = countDialled();
      const alice = await caller();
      const key = { 'idempotency-key': 'again' };
      const answers = await Promise.all([1, 2, 3].map(() => alice.dial(NUMBER, key)));
      expect(new Set(answers.map(({ body }) => body.call_id)).size).toBe(1);
      expect(countDialled()).toBe(before + 1);
      const { call_id, session_id } = answers[0]?.body ?? {};
      const { fields, sid } = twilio.of(call_id);
      expect(session_id).toBe(sid);
      expect(fields).toMatchObject({ To: NUMBER, From: '+12015550100', Timeout: '60', TimeLimit: '3600' });
      expect(fields.StatusCallback).toBe(`https://kaa.example.com/voip/twilio/status/${call_id}`);
      expect(
        fields.Twiml?.match(/<Connect><Stream url="wss:\/\/kaa\.example\.com\/voip\/twilio\/media">/g),
      ).toHaveLength(10);
      await alice.hangUp(call_id);
      expect((await alice.dial(NUMBER, key)).body.call_id).toBe(call_id);
      expect(countDialled()).toBe(before + 1);
    },
    TIMEOUT_MS,
  );

  test(
    'is tried again when nobody looked at it, and not when somebody may have',
    async () => {
      const alice = await caller();
      const before = countDialled();
      twilio.failures.push(429, 429);
      const { status, body } = await alice.dial(NUMBER);
      expect([status, countDialled() - before]).toEqual([200, 3]);
      await alice.hangUp(body.call_id);
      twilio.failures.push(500);
      expect(await alice.dial(NUMBER)).toMatchObject({
        status: 503,
        body: { error: 'call_initiation_failed' },
      });
      expect(countDialled() - before).toBe(4);
      // The failed one is no call that has not ended.
      const again = await alice.dial(NUMBER);
      expect(again.status).toBe(200);
      await alice.hangUp(again.body.call_id);
    },
    TIMEOUT_MS,
  );

  test('goes to the country of our own number alone, unless others are allowed, and says so', async () => {
    const alice = await caller();
    const before = countDialled();
    expect(await alice.dial('+33145678910')).toMatchObject({
      status: 400,
      body: {
        error: 'validation_error',
        message: 'phone_number is in FR, and calls go only to US',
      },
    });
    expect(countDialled()).toBe(before);
    expect((await alice.ask('GET', '')).body.calls).toEqual([]);
  });

  test('a number that the network refuses is a bad number', async () => {
    const alice = await caller();
    twilio.failures.push(400);
    expect(await alice.dial(NUMBER)).toMatchObject({ status: 400, body: { error: 'validation_error' } });
  });
});

describe('the voice', () => {
  test(
    'is the same bytes on the other side, both ways; keys of the far end are told',
    async () => {
      const dialled = await talk();
      const { alice, id, farEnd } = dialled;
      const { call, phone } = liveCall(id);
      const listener = await Listener.join(call, 'listener');
      const said = pattern(30);
      const events = alice.eventsUntil(id, 'dtmf');
      for (const frame of said) farEnd.say(frame);
      await until(
        'all of it was heard',
        () => Buffer.from(listener.bytesOf(phone.participant.userId)).includes(Buffer.concat(said)),
        20_000,
      );
      const answered = pattern(40).map((frame) => frame.toReversed());
      const wanted = Buffer.concat(answered.slice(2, 30));
      const isHeard = () => farEnd.bytesHeard.includes(wanted);
      // A machine that stands still for a moment loses frames, so it may be said more than once.
      for (let attempt = 0; attempt < 10 && !isHeard(); attempt += 1) {
        const { length } = farEnd.bytesHeard;
        for (const frame of answered) {
          listener.say(frame);
          await Bun.sleep(15);
        }
        await farEnd.hear(length + 80 * FRAME_BYTES);
      }
      expect(isHeard()).toBe(true);
      expect(farEnd.heard.every(({ length }) => length === 2 * FRAME_BYTES)).toBe(true);
      farEnd.press('7');
      expect((await events).at(-1)?.data).toMatchObject({ digit: '7' });
      await alice.hangUp(id);
    },
    TIMEOUT_MS,
  );

  test(
    'is silence while nobody speaks, with a mark each second; what piles up there is cleared',
    async () => {
      const dialled = await talk();
      const { farEnd } = dialled;
      await until('two marks came', () => farEnd.marks.length >= 2);
      expect(farEnd.bytesHeard.every((byte) => byte === 0xff)).toBe(true);
      expect(farEnd.clears).toBe(0);
      farEnd.playsMarks = false;
      await until('it was cleared', () => farEnd.clears === 1, 20_000);
      await dialled.alice.hangUp(dialled.id);
    },
    TIMEOUT_MS,
  );

  test(
    'that is cut off comes back within 5 s, and the call goes on',
    async () => {
      const dialled = await talk();
      const { alice, id, farEnd } = dialled;
      await farEnd.hear(10 * FRAME_BYTES);
      farEnd.drop();
      await until('it was noticed', () => !liveCall(id).phone.leg.isPlugged);
      await Bun.sleep(1_000);
      const before = farEnd.bytesHeard.length;
      await farEnd.runVerb();
      await farEnd.hear(before + 10 * FRAME_BYTES);
      expect(farEnd.connections).toBe(2);
      expect(await statusOf(dialled)).toMatchObject({ status: 'active' });
      await alice.hangUp(id);
    },
    TIMEOUT_MS,
  );

  test('is taken from nobody whom Twilio did not sign for', async () => {
    const { alice, id, farEnd } = await dial();
    const outcome = await farEnd.runVerb('bm90IHNpZ25lZA==').then(
      () => 'taken',
      () => 'refused',
    );
    expect(outcome).toBe('refused');
    await alice.hangUp(id);
  });

  test('with a message that is none ends the stream and not the call', async () => {
    const dialled = await talk();
    dialled.farEnd.tell('media', { media: { timestamp: '-1', payload: '?' } });
    await until('the stream ended', () => !dialled.farEnd.isOpen);
    expect(await statusOf(dialled)).toMatchObject({ status: 'active' });
    await dialled.alice.hangUp(dialled.id);
  });
});

describe('how a call stands', () => {
  test(
    'the far end hangs up: completed, with the duration that the network says',
    async () => {
      const dialled = await talk();
      dialled.farEnd.duration = 61;
      await dialled.farEnd.end();
      expect(await standing(dialled, hasEnded)).toMatchObject({
        status: 'completed',
        duration: 61,
        end_reason: 'callee-hung-up',
      });
    },
    TIMEOUT_MS,
  );

  test(
    'the caller hangs up: the network is told, and its own word of the end changes nothing',
    async () => {
      const dialled = await talk();
      const ended = await dialled.alice.hangUp(dialled.id);
      expect(ended.body).toMatchObject({ status: 'completed' });
      await until('the far end was hung up', () => dialled.farEnd.endedAt !== undefined);
      await dialled.farEnd.callback({ CallStatus: 'completed', CallDuration: '999' });
      expect((await dialled.alice.hangUp(dialled.id)).body).toEqual(ended.body);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['busy', {}, 'busy'],
    ['no-answer', {}, 'no-answer'],
    ['failed', { SipResponseCode: '603' }, 'rejected'],
    ['failed', {}, 'failed'],
  ] as const)('%s %p: failed, %s', async (status, more, reason) => {
    const dialled = await dial();
    await dialled.farEnd.ring();
    const ringing = await standing(dialled, (call) => call.is_ringing);
    expect(ringing).toMatchObject({ is_ringing: true, status: 'connecting' });
    await dialled.farEnd.end(status, more);
    const ended = await standing(dialled, hasEnded);
    expect(ended).toMatchObject({ status: 'failed', end_reason: reason, duration: 0 });
  });

  test(
    'callbacks in another order, and twice, lead to the same',
    async () => {
      const dialled = await dial();
      const { farEnd } = dialled;
      await farEnd.callback({ CallStatus: 'in-progress' });
      await farEnd.callback({ CallStatus: 'ringing' });
      await farEnd.callback({ CallStatus: 'in-progress' });
      const active = await standing(dialled, ({ status }) => status === 'active');
      expect(active).toMatchObject({ status: 'active', is_ringing: false });
      await farEnd.callback({ CallStatus: 'completed', CallDuration: '12' });
      await farEnd.callback({ CallStatus: 'completed', CallDuration: '13' });
      await farEnd.callback({ CallStatus: 'in-progress' });
      // A call that has ended here and is said to go on there is hung up.
      await until('it was hung up', () => farEnd.endedAt !== undefined);
      expect(await standing(dialled, hasEnded)).toMatchObject({ status: 'completed', duration: 12 });
    },
    TIMEOUT_MS,
  );

  test('a callback with a wrong signature is 403, and changes nothing', async () => {
    const dialled = await talk();
    const { farEnd } = dialled;
    const ended = { CallStatus: 'completed', CallDuration: '1' };
    const wrong = [sign('https://kaa.example.com/', ended), '', 'x'.repeat(28)];
    for (const signature of wrong) expect((await farEnd.callback(ended, signature)).status).toBe(403);
    expect(await statusOf(dialled)).toMatchObject({ status: 'active' });
    await dialled.alice.hangUp(dialled.id);
  });
});

test(
  'admins see what became of the calls: begun, not taken, completed, and how long they talked',
  async () => {
    const authorization = `Bearer ${await server.token('root', ['admin'])}`;
    const read = async () => {
      const response = await fetch(`${server.url}/stats`, { headers: { authorization } });
      return ((await response.json()) as { phone: Record<string, number> }).phone;
    };
    const before = await read();
    const since = async () =>
      Object.fromEntries(Object.entries(await read()).map(([key, now]) => [key, now - (before[key] ?? 0)]));
    const { farEnd } = await talk();
    expect(await since()).toMatchObject({ active: 1, begun: 1, completed: 0 });
    farEnd.duration = 61;
    await farEnd.end();
    twilio.failures.push(500);
    expect((await (await caller()).dial(NUMBER)).status).toBe(503);
    await until(
      'the end is counted',
      () => server.app.phone.stats.talkedSeconds >= (before.talkedSeconds ?? 0) + 61,
    );
    expect(await since()).toEqual({
      active: 0,
      begun: 2,
      notTaken: 1,
      completed: 1,
      failed: 1,
      talkedSeconds: 61,
    });
  },
  TIMEOUT_MS,
);

describe('a network that is down', () => {
  test(
    'is 503 at once after a few failures, and a call that is ended meanwhile has ended; hanging up is tried again',
    async () => {
      const dialled = await talk();
      const { alice, id, farEnd } = dialled;
      const others = await Promise.all(Array.from({ length: 4 }, caller));
      for (const other of others.slice(0, 3)) {
        twilio.failures.push(500);
        expect((await other.dial(NUMBER)).status).toBe(503);
      }
      const before = countDialled();
      const refused = await others[3]?.dial(NUMBER);
      expect(refused).toMatchObject({ status: 503, body: { error: 'call_initiation_failed' } });
      expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(countDialled()).toBe(before);
      twilio.hangUpFailures.push(500, 500);
      expect(await alice.hangUp(id)).toMatchObject({ status: 200, body: { status: 'completed' } });
      await until('it was hung up in the end', () => farEnd.endedAt !== undefined, 20_000);
    },
    TIMEOUT_MS,
  );
});
