/**
 * WebRTC stacks that are no browser's meet in a call: what each publishes is decoded by libwebrtc, and it decodes what libwebrtc
 * publishes, picture and sound. What is not installed is skipped, and said.
 */
import { afterAll, afterEach, beforeAll, describe, test } from 'bun:test';
import { startTestServer, type TestServer } from '../support/server.ts';
import { findLibwebrtc, findStacks } from '../support/stacks/stacks.ts';
import { HttpVisitor, SocketVisitor, type Visitor, type VisitorOptions } from '../support/stacks/visitor.ts';

const TIMEOUT_MS = 90_000;

const HUB = { userId: 'hub', color: [200, 40, 40], tone: 440 } as const;
const GUEST = { userId: 'guest', color: [40, 160, 60], tone: 660 } as const;

let server: TestServer;
const visitors: Visitor[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, TIMEOUT_MS);

afterEach(async () => {
  await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
});

afterAll(() => server?.close());

type Enter = (command: readonly string[], look: VisitorOptions) => Promise<Visitor>;

const ways: readonly [string, Enter][] = [
  ['the socket', (command, look) => SocketVisitor.enter(server, command, look)],
  ['WHIP and WHEP', async (command, look) => new HttpVisitor(server, command, look)],
];

const libwebrtc = findLibwebrtc();

for (const stack of await findStacks()) {
  const obstacle = [libwebrtc, stack]
    .map((one) => ('obstacle' in one ? one.obstacle : undefined))
    .find(Boolean);
  if (obstacle !== undefined) console.log(`${stack.name} is skipped: ${obstacle}`);
  describe(`${stack.name} and libwebrtc see and hear each other`, () => {
    for (const [way, enter] of ways) {
      test.skipIf(obstacle !== undefined)(
        `over ${way}`,
        async () => {
          if (!('command' in stack) || !('command' in libwebrtc)) return;
          const roomId = `${stack.name} ${way}`.replaceAll(/\W/g, '-');
          const hub = await SocketVisitor.enter(server, libwebrtc.command, { ...HUB, roomId });
          visitors.push(hub);
          await hub.publish();
          const guest = await enter(stack.command, { ...GUEST, roomId });
          visitors.push(guest);
          await guest.publish();
          await Promise.all([hub.receive('guest'), guest.receive('hub')]);
          const isUnnamed = guest instanceof HttpVisitor && guest.how === 'answer';
          const taken = isUnnamed ? (stack.takesUnnamed ?? 'all') : 'all';
          await Promise.all([
            hub.sees(guest),
            hub.hears(guest),
            taken !== 'all' ? undefined : guest.sees(hub),
            taken === 'nothing' ? undefined : guest.hears(hub),
          ]);
          if (taken !== 'all') console.log(`${stack.name} took ${taken}: by WHEP no ssrc is named`);
        },
        TIMEOUT_MS,
      );
    }
  });
}
