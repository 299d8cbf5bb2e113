/** The contract of the port of phone providers, for each of them: what the rest of the server relies on. */
import { afterEach, describe, expect, test } from 'bun:test';
import { newId } from '../../src/lib/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { MockProvider, type PhoneProvider, TwilioProvider } from '../../src/voip/index.ts';
import { failureOf } from '../support/failure.ts';
import { twilioFrontDoor } from '../support/phone/twilio-front-door.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  FROM_NUMBER,
  PUBLIC_BASE_URL,
  TwilioStandIn,
} from '../support/phone/twilio-stand-in.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 30_000;

interface World {
  readonly provider: PhoneProvider;
  /** The far end takes up, by itself or because it is told to. */
  answer(sessionId: string): Promise<void>;
  /** The far end hangs up. */
  hangUp(sessionId: string): Promise<void>;
  close(): void;
}

const FAST = { ringAfterMs: 10, answerAfterMs: 40, refuseAfterMs: 30, giveUpAfterMs: 60, talkMs: 300 };

const worlds: Record<string, () => World> = {
  mock: () => {
    const provider = new MockProvider(FAST);
    return {
      provider,
      answer: async () => {},
      hangUp: async () => {},
      close: () => provider.close(),
    };
  },
  twilio: () => {
    const standIn = new TwilioStandIn();
    const provider = new TwilioProvider({
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      apiUrl: standIn.url,
      fromNumber: FROM_NUMBER,
      publicBaseUrl: PUBLIC_BASE_URL,
      firstDelayMs: 10,
      logger: createLogger({ level: 'silent', format: 'json', service: 'test' }),
    });
    const door = twilioFrontDoor(provider);
    standIn.serve(door.url);
    const find = (sessionId: string) => {
      const call = standIn.calls.get(sessionId);
      if (!call) throw new Error('it was not dialled');
      return call;
    };
    return {
      provider,
      answer: async (sessionId) => {
        await find(sessionId).ring();
        await find(sessionId).answer();
      },
      hangUp: async (sessionId) => {
        await find(sessionId).end();
      },
      close: () => {
        provider.close();
        standIn.close();
        door.close();
      },
    };
  },
};

describe.each(Object.keys(worlds))('the provider %s', (name) => {
  let world: World;

  afterEach(() => world.close());

  /** A world, a call in it, and what is told of it. */
  async function dial(to = '+12015550123') {
    world = (worlds[name] as () => World)();
    const { provider } = world;
    const callId = newId();
    const told: string[] = [];
    const streams: string[] = [];
    provider.events.on('told', (event) => {
      if (event.callId !== callId) throw new Error('news of another call');
      told.push(event.news.state === 'ended' ? `ended ${event.news.reason}` : event.news.state);
    });
    const heard: Uint8Array[] = [];
    provider.events.on('streamOpened', ({ callId: id, sessionId, stream }) => {
      streams.push(`${id === callId} ${sessionId}`);
      stream.events.on('heard', ({ bytes }) => heard.push(bytes));
      stream.events.on('closed', () => streams.push('closed'));
    });
    const sessionId = await provider.dial({ callId, to, ringSeconds: 30, maxSeconds: 60 });
    return { provider, sessionId, told, streams, heard };
  }

  test(
    'gives a dialled call an id, tells that it rings and is answered, and brings its voice once',
    async () => {
      const { provider, sessionId, told, streams } = await dial();
      expect(sessionId).not.toBe('');
      await world.answer(sessionId);
      await until('its voice is there', () => streams.length > 0);
      expect(told).toEqual(['ringing', 'answered']);
      expect(streams).toEqual([`true ${sessionId}`]);
      expect((await provider.lookUp(sessionId)).state).toBe('answered');
    },
    TIMEOUT_MS,
  );

  test(
    'ends a call that is hung up here, closes its voice, and takes it twice and for unknown calls',
    async () => {
      const { provider, sessionId, told, streams } = await dial();
      await world.answer(sessionId);
      await until('its voice is there', () => streams.length > 0);
      await provider.hangUp(sessionId);
      await until('its end is told', () => told.includes('ended hung-up'));
      await until('its voice is closed', () => streams.includes('closed'));
      await provider.hangUp(sessionId);
      await provider.hangUp(`${sessionId.slice(0, -4)}9999`);
      expect(['ended', 'unknown']).toContain((await provider.lookUp(sessionId)).state);
      expect(told.filter((news) => news.startsWith('ended'))).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'ends a call that is hung up there',
    async () => {
      const { sessionId, told, streams } = await dial('+12015550005');
      await world.answer(sessionId);
      await until('its voice is there', () => streams.length > 0);
      await world.hangUp(sessionId);
      await until('its end is told', () => told.includes('ended hung-up'));
      expect(streams.at(-1)).toBe('closed');
    },
    TIMEOUT_MS,
  );

  test(
    'ends a call that is hung up before anybody took up',
    async () => {
      const { provider, sessionId, told } = await dial();
      await provider.hangUp(sessionId);
      await until('its end is told', () => told.some((news) => news.startsWith('ended')));
      expect(told.at(-1)).toBe('ended canceled');
    },
    TIMEOUT_MS,
  );

  test('knows nothing of calls that it never had', async () => {
    const { provider } = await dial();
    expect(await provider.lookUp('CA00000000000000000000000000000999')).toEqual({ state: 'unknown' });
  });
});

test('twilio that cannot be reached: dialling and looking up say so, and dialling is given up at once after a while', async () => {
  const lines: string[] = [];
  const provider = new TwilioProvider({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiUrl: 'http://127.0.0.1:9',
    fromNumber: FROM_NUMBER,
    publicBaseUrl: PUBLIC_BASE_URL,
    firstDelayMs: 5,
    logger: createLogger({
      level: 'debug',
      format: 'json',
      service: 'test',
      destination: { write: (line) => lines.push(line) },
    }),
  });
  const order = { callId: newId(), to: '+12015550123', ringSeconds: 30, maxSeconds: 60 };
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect(await failureOf(provider.dial(order))).toMatchObject({ code: 'call_initiation_failed' });
  expect(() => provider.demandReady()).toThrow('cannot be reached now');
  expect(await failureOf(provider.lookUp('CA1'))).toMatchObject({ code: 'unavailable' });
  // The log says what happened, and not by which password.
  const log = lines.join('');
  expect(log).toContain('ECONNREFUSED');
  for (const secret of [AUTH_TOKEN, Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64'), 'Basic '])
    expect(log).not.toContain(secret);
  expect(log.length).toBeLessThan(20_000);
  provider.close();
});
