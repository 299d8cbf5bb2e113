/** The authorisation table: every caller times every route and every message, each answered as the specification says. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Server } from 'bun';
import { requests } from '../../../src/protocol/index.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { type CallerName, callerNames, callers } from './callers.ts';
import { answerTo, askEveryRoute, type Content, sendEveryMessage } from './cells.ts';
import { findGaps, routeName } from './coverage.ts';
import { type MessageRow, messageRows } from './messages.ts';
import { PAGE, renderPage } from './page.ts';
import { routeRows } from './routes.ts';
import type { Outcome } from './rule.ts';
import { NOBODY } from './rules.ts';
import { closeScene, openScene } from './scene.ts';
import { createWorld, GUEST_ID } from './world.ts';

const ROUTES_FILE = 'test/integration/authorisation/routes.ts';
const MESSAGES_FILE = 'test/integration/authorisation/messages.ts';
const withSocket = callerNames.filter((caller) => !NOBODY.includes(caller));
/** Gets into no call: who is answered `not_joined` is told so for want of a call, not of a right. */
const OUTSIDER: CallerName = 'participant, not invited';
const needCall = messageRows.filter(({ rule }) => rule.outcomeFor(OUTSIDER) === 'outside');

/** Recordings begin in some of the cells, a reader for each track. */
const COLUMN_TIMEOUT_MS = 120_000;

let server: TestServer;
/** A library of videos that takes whatever it is given. */
let videos: Server<undefined>;
const count = { routes: 0, messages: 0 };

beforeAll(async () => {
  videos = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => Response.json({ video_id: crypto.randomUUID() }),
  });
  const env = {
    CALL_AUTO_CREATE: 'on',
    LIVE_RECORDINGS_PUBLIC: 'off',
    VOD_SERVICE_URL: `http://127.0.0.1:${videos.port}`,
    // Nobody connects to the uploads of the cells: they last as long as the cells do.
    INGEST_LOST_TIMEOUT: '10m',
  };
  server = await startTestServer({ env });
}, 60_000);

afterAll(async () => {
  console.log(
    `${count.routes + count.messages} cells: ${count.routes} of routes and ${count.messages} of messages, for ${callerNames.length} callers`,
  );
  await server.close();
  await videos.stop(true);
}, 60_000);

describe('the tables', () => {
  test('name every route of the app, and no other', () => {
    const existing = server.app.routes.map(routeName);
    const ruled = routeRows.map(({ route }) => route);
    expect(findGaps({ existing, ruled, file: ROUTES_FILE })).toEqual([]);
  });

  test('name every message of the protocol, and no other', () => {
    const existing = Object.keys(requests);
    const ruled = messageRows.map(({ type }) => type);
    expect(findGaps({ existing, ruled, file: MESSAGES_FILE })).toEqual([]);
  });

  test('would tell of a route without a rule, and of a rule without a route', () => {
    const gaps = findGaps({ existing: ['GET /new', 'GET /'], ruled: ['GET /', 'GET /old'], file: 'x.ts' });
    expect(gaps).toEqual([
      'GET /new has no rule: add a row to x.ts that says who may, with a right request',
      'GET /old has a rule and does not exist: take its row out of x.ts',
    ]);
  });

  test('are what docs/authorisation.md says (else: bun run docs:authorisation)', async () => {
    expect(await Bun.file(PAGE).text()).toBe(renderPage());
  });
});

describe('every route answers as its rule says', () => {
  test.concurrent.each(callerNames)(
    '%s',
    async (caller) => {
      const { cells, complaints } = await askEveryRoute(server, caller);
      count.routes += cells;
      expect(complaints).toEqual([]);
    },
    COLUMN_TIMEOUT_MS,
  );
});

describe('every message is answered as its rule says', () => {
  test.concurrent.each(withSocket)(
    '%s',
    async (caller) => {
      const { cells, complaints } = await sendEveryMessage(server, caller);
      count.messages += cells;
      expect(complaints).toEqual([]);
    },
    COLUMN_TIMEOUT_MS,
  );

  /** What the rows answer to one who may do everything in the call, each on a socket of its own. */
  async function outcomesFor(
    rows: readonly MessageRow[],
    { isOutside, change }: { isOutside: boolean; change: (content: Content) => Content },
  ) {
    const world = await createWorld(server, callers['host of the call']);
    const outcomes: Record<string, Outcome> = {};
    for (const row of rows) {
      const scene = await openScene(world, isOutside || row.isOutside === true);
      const content = change(await row.prepare(scene));
      outcomes[`${row.type} ${row.when ?? ''}`] = await answerTo(scene, row, content);
      await closeScene(scene);
    }
    await world.guest.client.close();
    return [...new Set(Object.values(outcomes))].length === 1 ? Object.values(outcomes)[0] : outcomes;
  }

  test('by `not_joined` before the socket is in the call', async () => {
    const change = (content: Content) => content;
    expect(await outcomesFor(needCall, { isOutside: true, change })).toBe('outside');
  });

  test('by `not_joined` for another call than that of the socket, even of the same host', async () => {
    const other = await createWorld(server, callers['host of the call']);
    const change = (content: Content) => ({ ...content, roomId: other.roomId });
    expect(await outcomesFor(needCall, { isOutside: false, change })).toBe('outside');
    await other.guest.client.close();
  });

  test('by `forbidden` when it speaks for somebody else', async () => {
    const change = (content: Content) => ({ ...content, userId: GUEST_ID });
    expect(await outcomesFor(messageRows, { isOutside: false, change })).toBe('deny');
  });
});
