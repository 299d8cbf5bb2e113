/** Phone calls under attack: what would cost money, or a call, when nobody looked for it. */
import { afterAll, beforeAll, describe, expect, spyOn, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { PhoneCallRepository } from '../../src/voip/repository.ts';
import { createCall, join } from '../support/people.ts';
import { PhoneClient } from '../support/phone/client.ts';
import { type StandInCall, sign, TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const NUMBER = '+12015550123';
const CALLS_PER_DAY = 3;

let twilio: TwilioStandIn;
let server: TestServer;
let env: Readonly<Record<string, string>>;
let nextUser = 0;

beforeAll(async () => {
  twilio = new TwilioStandIn();
  env = { ...twilio.env, VOIP_CALLS_PER_DAY: String(CALLS_PER_DAY), LOG_LEVEL: 'silent' };
  server = await startTestServer({ env });
  twilio.serve(server.url);
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
  twilio?.close();
}, TIMEOUT_MS);

function newUser(): string {
  nextUser += 1;
  return `user-${nextUser}`;
}

const newCaller = () => PhoneClient.create(server, newUser());
const newest = () => [...twilio.calls.values()].at(-1);
const countDialled = () => twilio.requests.filter((request) => request === 'POST Calls.json').length;

/** The next phone is dialled, and the answer that says so comes when `go` is called. */
function holdAnswer(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  twilio.slowDials.push(promise);
  return resolve;
}

async function talk(): Promise<{ alice: PhoneClient; id: string; farEnd: StandInCall }> {
  const alice = await newCaller();
  const id = (await alice.dial(NUMBER)).body.call_id;
  const farEnd = twilio.of(id);
  await farEnd.answer();
  return { alice, id, farEnd };
}

const wasHungUp = (farEnd: StandInCall | undefined) =>
  until('the far end was hung up', () => farEnd?.endedAt !== undefined);

async function askFor(roomId: string, what: string, token: string, body: unknown) {
  const response = await fetch(`${server.url}/video-calls/${roomId}/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of an answer is the test's business
  return { status: response.status, body: (await response.json()) as any };
}

const dialInto = (roomId: string, token: string) => askFor(roomId, 'dial', token, { phone_number: NUMBER });

describe('nobody is left on the phone', () => {
  test(
    'when the caller hangs up before the network has said that it dials',
    async () => {
      const alice = await newCaller();
      const [before, go] = [countDialled(), holdAnswer()];
      const dialling = alice.dial(NUMBER);
      await until('it was dialled', () => countDialled() > before);
      const [call] = (await alice.ask('GET', '')).body.calls;
      expect((await alice.hangUp(call.call_id)).body.status).toBe('completed');
      go();
      expect((await dialling).body.status).toBe('completed');
      // Nothing else was told: no callback, no voice.
      await wasHungUp(newest());
    },
    TIMEOUT_MS,
  );

  test(
    'when the video call ends before the network has said that it dials',
    async () => {
      const [hanna, room] = [newUser(), 'ends-early'];
      await createCall(server, hanna, { id: room });
      const { client } = await join(server, hanna, room);
      const [before, go] = [countDialled(), holdAnswer()];
      const dialling = dialInto(room, await server.token(hanna));
      await until('it was dialled', () => countDialled() > before);
      server.app.calls.registry.get(room)?.end('ended-by-host');
      go();
      await dialling;
      await wasHungUp(newest());
      await client.close();
    },
    TIMEOUT_MS,
  );

  test(
    'while the database hangs',
    async () => {
      const { alice, id, farEnd } = await talk();
      const back = Promise.withResolvers<void>();
      const { save } = PhoneCallRepository.prototype;
      const hanging = spyOn(PhoneCallRepository.prototype, 'save').mockImplementation(async function (
        this: PhoneCallRepository,
        ...args: Parameters<typeof save>
      ) {
        await back.promise;
        return save.apply(this, args);
      });
      try {
        const hangingUp = alice.hangUp(id);
        await wasHungUp(farEnd);
        back.resolve();
        expect((await hangingUp).body.status).toBe('completed');
      } finally {
        back.resolve();
        hanging.mockRestore();
      }
      expect((await alice.ask('GET', `/${id}`)).body.status).toBe('completed');
    },
    TIMEOUT_MS,
  );
});

test(
  'a server that stops while it dials writes down what it dialled, dials no more, and the next run goes on with it',
  async () => {
    const dataDir = await createDataDir();
    const first = await startTestServer({ env, dataDir });
    try {
      const alice = await PhoneClient.create(first, 'alice');
      const [before, go] = [countDialled(), holdAnswer()];
      const dialling = alice.dial(NUMBER).catch(() => 'the server has gone');
      await until('it was dialled', () => countDialled() > before);
      const closing = first.close();
      const late = await PhoneClient.create(first, 'bob');
      expect(await late.dial(NUMBER)).toMatchObject({
        status: 503,
        body: { error: 'call_initiation_failed' },
      });
      go();
      await Promise.all([closing, dialling]);
      const next = await startTestServer({ env, dataDir });
      try {
        const again = await PhoneClient.create(next, 'alice');
        const [call] = (await again.ask('GET', '')).body.calls;
        expect(call).toMatchObject({ status: 'connecting', session_id: newest()?.sid });
        await again.hangUp(call.call_id);
        await until('it was asked to hang up', () =>
          twilio.requests.includes(`POST Calls/${newest()?.sid}.json`),
        );
      } finally {
        await next.close();
      }
      expect(countDialled() - before).toBe(1);
    } finally {
      await first.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

test(
  'a call that nobody could ask for when the server started is taken up again when its voice comes',
  async () => {
    const dataDir = await createDataDir();
    const servers = [await startTestServer({ env, dataDir })];
    try {
      twilio.serve(servers[0]?.url ?? '');
      const alice = await PhoneClient.create(servers[0] as TestServer, 'alice');
      const id = (await alice.dial(NUMBER)).body.call_id;
      const farEnd = twilio.of(id);
      await farEnd.answer();
      await farEnd.hear(1_600);
      await servers[0]?.close();
      twilio.isDown = true;
      const next = await startTestServer({ env, dataDir });
      servers.push(next);
      twilio.serve(next.url);
      expect(next.app.phone.live.size).toBe(0);
      const heard = farEnd.bytesHeard.length;
      await farEnd.runVerb();
      await farEnd.hear(heard + 1_600);
      twilio.isDown = false;
      const again = await PhoneClient.create(next, 'alice');
      expect((await again.ask('GET', `/${id}`)).body).toMatchObject({ status: 'active', end_time: null });
      expect(farEnd.endedAt).toBeUndefined();
      await again.hangUp(id);
      await wasHungUp(farEnd);
    } finally {
      twilio.isDown = false;
      for (const each of servers) await each.close();
      twilio.serve(server.url);
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

describe('the word of the network', () => {
  test(
    'on another session of a call changes nothing of it',
    async () => {
      const { alice, id, farEnd } = await talk();
      const other = `CA${'9'.repeat(32)}`;
      await farEnd.callback({ CallSid: other, CallStatus: 'completed', CallDuration: '9' });
      const socket = new WebSocket(twilio.reach('wss://kaa.example.com/voip/twilio/media'), {
        headers: { 'x-twilio-signature': sign('wss://kaa.example.com/voip/twilio/media', {}) },
      } as never);
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
      const start = { callSid: other, customParameters: { call_id: id }, mediaFormat };
      socket.send(JSON.stringify({ event: 'start', streamSid: 'MZ1', start }));
      await closed;
      expect(farEnd.isOpen).toBe(true);
      expect((await alice.ask('GET', `/${id}`)).body).toMatchObject({ status: 'active' });
      await alice.hangUp(id);
    },
    TIMEOUT_MS,
  );

  test(
    'that was lost is not needed: who can be heard has answered',
    async () => {
      const alice = await newCaller();
      const id = (await alice.dial(NUMBER)).body.call_id;
      const told = alice.eventsUntil(id, 'active');
      await twilio.of(id).runVerb();
      await told;
      expect((await alice.hangUp(id)).body.status).toBe('completed');
    },
    TIMEOUT_MS,
  );
});

describe('limits', () => {
  test(
    'hold for keys: those that wait to be heard are bounded',
    async () => {
      const { alice, id } = await talk();
      await until('the voice is there', () => server.app.phone.live.get(id)?.phone.leg.isPlugged === true);
      const digits = '0'.repeat(32);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => alice.ask('POST', `/${id}/dtmf`, { digits })),
      );
      expect(answers.filter(({ status }) => status === 204).length).toBeLessThanOrEqual(3);
      expect(answers.find(({ status }) => status !== 204)).toMatchObject({
        status: 429,
        body: { error: 'rate_limited' },
      });
      await alice.hangUp(id);
    },
    TIMEOUT_MS,
  );

  test(
    'hold for guests: what they dial is that of the creator of the call, however many are invited',
    async () => {
      const [hanna, room] = [newUser(), 'many-guests'];
      await createCall(server, hanna, { id: room });
      const { client } = await join(server, hanna, room);
      const token = await server.token(hanna);
      const before = countDialled();
      const permissions = { publish: [], subscribe: true, moderate: true, phone: true };
      const statuses: number[] = [];
      for (let guest = 0; guest < CALLS_PER_DAY + 2; guest += 1) {
        const invite = await askFor(room, 'invites', token, { userId: newUser(), permissions });
        const dialled = await dialInto(room, invite.body.token);
        statuses.push(dialled.status);
        if (dialled.status === 201) expect(dialled.body.user_id).toBe(hanna);
      }
      expect(statuses).toEqual([...Array.from({ length: CALLS_PER_DAY }, () => 201), 429, 429]);
      expect(countDialled() - before).toBe(CALLS_PER_DAY);
      expect((await dialInto(room, token)).status).toBe(429);
      server.app.calls.registry.get(room)?.end('ended-by-host');
      await client.close();
    },
    TIMEOUT_MS,
  );

  test(
    'hold for callers who come at the same moment: the server has no more calls than it takes',
    async () => {
      const small = await startTestServer({ env: { ...env, VOIP_MAX_CALLS: '2' } });
      try {
        const before = countDialled();
        const callers = await Promise.all(
          Array.from({ length: 6 }, () => PhoneClient.create(small, newUser())),
        );
        const answers = await Promise.all(callers.map((each) => each.dial(NUMBER)));
        expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 503, 503, 503, 503]);
        expect(countDialled() - before).toBe(2);
        for (const [place, { status, body }] of answers.entries())
          if (status === 200) await callers[place]?.hangUp(body.call_id);
      } finally {
        await small.close();
      }
    },
    TIMEOUT_MS,
  );

  test(
    'hold for a creator who has become a viewer',
    async () => {
      const [hanna, room] = [newUser(), 'demoted'];
      await createCall(server, hanna, { id: room });
      const { client } = await join(server, hanna, room);
      expect((await dialInto(room, await server.token(hanna, ['viewer']))).status).toBe(403);
      await client.close();
    },
    TIMEOUT_MS,
  );

  test(
    'hold for a call that is full: it is said, and nobody is dialled',
    async () => {
      const [hanna, room] = [newUser(), 'full'];
      await createCall(server, hanna, { id: room, maxParticipants: 2 });
      const people = [await join(server, hanna, room), await join(server, newUser(), room)];
      const before = countDialled();
      expect(await dialInto(room, await server.token(hanna))).toMatchObject({
        status: 409,
        body: { error: 'call_full' },
      });
      expect(countDialled()).toBe(before);
      for (const { client } of people) await client.close();
    },
    TIMEOUT_MS,
  );
});

test('a key whose call was not taken stays refused, and nobody is dialled by it', async () => {
  const alice = await newCaller();
  const key = { 'idempotency-key': 'again' };
  twilio.failures.push(500);
  const before = countDialled();
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect(await alice.dial(NUMBER, key)).toMatchObject({
      status: 503,
      body: { error: 'call_initiation_failed' },
    });
  expect(countDialled() - before).toBe(1);
});
