/** `kill -9` of the server in the middle of phone calls: what becomes of them. */
import { afterEach, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { ServerProcess } from '../support/kills/server-process.ts';
import { PhoneClient } from '../support/phone/client.ts';
import { TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { createDataDir } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 120_000;
const NUMBER = '+12015550123';

const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
}, TIMEOUT_MS);

async function start(env: Record<string, string>): Promise<ServerProcess> {
  const dataDir = await createDataDir();
  closing.push(() => rm(dataDir, { recursive: true, force: true }));
  const server = await ServerProcess.start({ dataDir, env });
  closing.push(() => server.end('SIGKILL'));
  return server;
}

const client = async (server: ServerProcess, userId: string) =>
  new PhoneClient(server, await server.token(userId));

test(
  'a call that the network still carries goes on, one that ended there is completed, and nobody is dialled twice',
  async () => {
    const twilio = new TwilioStandIn();
    closing.push(() => twilio.close());
    const server = await start(twilio.env);
    twilio.serve(server.url);
    const [alice, bob, carol] = await Promise.all(
      ['alice', 'bob', 'carol'].map((name) => client(server, name)),
    );
    if (!alice || !bob || !carol) throw new Error('nobody is there');
    const key = { 'idempotency-key': 'before' };
    const going = (await alice.dial(NUMBER, key)).body;
    const ending = (await bob.dial(NUMBER)).body;
    const ringing = (await carol.dial(NUMBER)).body;
    const [goingEnd, endingEnd] = [twilio.of(going.call_id), twilio.of(ending.call_id)];
    await goingEnd.answer();
    await endingEnd.answer();
    await goingEnd.hear(1_600);
    const dialled = twilio.requests.filter((request) => request === 'POST Calls.json').length;

    await server.end('SIGKILL');
    await until('the socket is gone', () => !goingEnd.isOpen);
    // Told to nobody: the server does not run.
    endingEnd.duration = 42;
    endingEnd.status = 'completed';
    endingEnd.endedAt = new Date();
    await server.restart();

    const after = (await alice.ask('GET', `/${going.call_id}`)).body;
    expect(after).toMatchObject({ status: 'active', session_id: goingEnd.sid });
    expect(after.sdp_offer).toContain('m=audio');
    expect(after.sdp_offer).not.toBe(going.sdp_offer);
    const heard = goingEnd.bytesHeard.length;
    await goingEnd.runVerb();
    await goingEnd.hear(heard + 1_600);
    expect((await bob.ask('GET', `/${ending.call_id}`)).body).toMatchObject({
      status: 'completed',
      duration: 42,
    });
    expect((await carol.ask('GET', `/${ringing.call_id}`)).body).toMatchObject({ status: 'connecting' });
    expect((await alice.dial(NUMBER, key)).body.call_id).toBe(going.call_id);
    expect((await alice.hangUp(going.call_id)).body).toMatchObject({ status: 'completed' });
    await carol.hangUp(ringing.call_id);
    await until('all of them were hung up', () => [...twilio.calls.values()].every(({ endedAt }) => endedAt));
    expect(twilio.requests.filter((request) => request === 'POST Calls.json')).toHaveLength(dialled);
  },
  TIMEOUT_MS,
);

test(
  'a call of which nobody knows ended when it was last seen',
  async () => {
    const server = await start({});
    const alice = await client(server, 'alice');
    const { call_id } = (await alice.dial(NUMBER)).body;
    await alice.eventsUntil(call_id, 'active');
    const answeredAt = Date.now();
    // Seen every 5 s, so at least once since.
    await Bun.sleep(8_500);
    const killedAt = Date.now();
    await server.end('SIGKILL');
    await server.restart();
    const { body } = await alice.ask('GET', `/${call_id}`);
    expect(body).toMatchObject({ status: 'completed', end_reason: 'server-restarted', sdp_offer: null });
    const talked = (killedAt - answeredAt) / 1_000;
    expect(body.duration).toBeLessThanOrEqual(Math.ceil(talked));
    expect(body.duration).toBeGreaterThanOrEqual(1);
    expect((await alice.dial(NUMBER)).status).toBe(200);
  },
  TIMEOUT_MS,
);
