/** Fuzzes what clients say of their connections: each description is taken or refused with its reason, and no worker dies of one. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chance } from '../chance.ts';
import { connect, join, publishMicrophone } from '../people.ts';
import { writeAnswerTo } from '../sdp/answers.ts';
import * as fixtures from '../sdp/offers.ts';
import { startTestServer, type TestServer } from '../server.ts';
import type { SignalingClient } from '../signaling-client.ts';
import type { FuzzBudget } from './budget.ts';
import { spoilSdp } from './sdp-mutations.ts';

/** What a description may be refused with; anything else is a fault of the server. */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_sdp',
  'unsupported_codec',
  'invalid_state',
  'invalid_message',
]);
/** Descriptions on one connection, before another person takes it up. */
const DESCRIPTIONS_EACH = 25;
const {
  CHROME,
  CHROME_PLAIN,
  CHROME_LEGACY,
  FIREFOX,
  SAFARI,
  OBS,
  OBS_SIMULCAST,
  AIORTC,
  LIBDATACHANNEL,
  GSTREAMER,
} = fixtures;
const OFFERS = [
  CHROME,
  CHROME_PLAIN,
  CHROME_LEGACY,
  FIREFOX,
  SAFARI,
  OBS,
  OBS_SIMULCAST,
  AIORTC,
  LIBDATACHANNEL,
  GSTREAMER,
];
const SENDING = [
  'sendonly\na=msid:- t\na=ssrc:50 cname:me',
  'sendonly\na=ssrc:60 cname:me\na=ssrc:61 cname:me\na=ssrc-group:FID 60 61',
  'sendonly\na=rid:q send\na=rid:f send\na=simulcast:send q;f',
  'sendonly',
];
const DIRECTIONS = ['inactive', 'recvonly', 'closed', ...SENDING];

let server: TestServer;
const complaints: string[] = [];

/** Declares the suite, in the short form or the long one. */
export function fuzzSdp({ seed, descriptions, timeoutMs }: FuzzBudget): void {
  beforeAll(async () => {
    server = await startTestServer({
      env: {
        SIGNALING_MESSAGES_PER_SECOND: '100000',
        SIGNALING_MESSAGE_BURST: '100000',
        CALL_EMPTY_TIMEOUT: '200ms',
        LOG_LEVEL: 'error',
      },
      onLogLine: (line) => complaints.push(line.slice(0, 2_000)),
    });
  }, 60_000);

  afterAll(() => server?.close());

  test(
    `${descriptions} spoilt offers and answers (seed ${seed})`,
    async () => {
      const { media, registry } = server.app.calls;
      const workers = media.workerPids;
      const tally = new Map<string, number>();
      for (let done = 0, person = 0; done < descriptions; done += DESCRIPTIONS_EACH, person += 1) {
        await visit(person, chance(seed + person), tally);
        expect(complaints).toEqual([]);
        expect(media.workerPids).toEqual(workers);
      }
      console.log({ seed, ...Object.fromEntries([...tally].toSorted()) });
      // Enough of each, or it would show nothing.
      expect(tally.get('offer ok') ?? 0).toBeGreaterThan(descriptions / 20);
      expect(tally.get('answer ok') ?? 0).toBeGreaterThan(descriptions / 20);
      expect(tally.get('offer invalid_sdp') ?? 0).toBeGreaterThan(descriptions / 10);
      while (registry.size > 0) await Bun.sleep(50);
      expect(await media.dump()).toEqual({ routers: 0, transports: 0 });
    },
    timeoutMs,
  );
}

/** Somebody comes into a call in which others publish, says what it says, and goes. */
async function visit(person: number, next: () => number, tally: Map<string, number>): Promise<void> {
  const roomId = `fuzz-${Math.floor(person / 4)}`;
  const other = await join(server, `other-${person}`, roomId);
  await publishMicrophone(other.client);
  const client = await connect(server, `person-${person}`, roomId);
  await client.request('join', { simulcast: next() < 0.3 });
  let base = OFFERS[Math.floor(next() * OFFERS.length)] ?? CHROME;
  let offered: string | undefined;
  for (let index = 0; index < DESCRIPTIONS_EACH; index += 1) {
    offered = newestOffer(client) ?? offered;
    if (next() < 0.4 && offered !== undefined) {
      const sections = offered.split('m=').length - 1;
      const directions = Array.from(
        { length: sections },
        () => DIRECTIONS[Math.floor(next() * DIRECTIONS.length)] ?? '',
      );
      await say(client, 'answer', spoilSdp(writeAnswerTo(offered, ...directions), next), tally);
    } else {
      if (next() < 0.1) base = OFFERS[Math.floor(next() * OFFERS.length)] ?? CHROME;
      const sdp = spoilSdp(base, next);
      // What was taken is what the next one changes.
      if (await say(client, 'offer', sdp, tally)) base = sdp;
    }
  }
  await client.close();
  await other.client.close();
}

function newestOffer({ events }: SignalingClient): string | undefined {
  const offer = events.findLast(({ type }) => type === 'offer')?.data as { sdp: { sdp: string } } | undefined;
  return offer?.sdp.sdp;
}

/** Whether it was taken. Throws for an answer that must not be, with what was said. */
async function say(
  client: SignalingClient,
  type: 'offer' | 'answer',
  sdp: string,
  tally: Map<string, number>,
): Promise<boolean> {
  const count = (outcome: string) =>
    tally.set(`${type} ${outcome}`, (tally.get(`${type} ${outcome}`) ?? 0) + 1);
  try {
    await client.request(type, { sdp });
    count('ok');
    return true;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (!REFUSALS.has(code) || message.length < code.length + 20)
      throw new Error(`a spoilt ${type} was answered "${message}":\n${sdp.slice(0, 6_000)}`);
    count(code);
    return false;
  }
}
