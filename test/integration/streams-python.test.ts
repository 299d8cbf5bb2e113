/** A source on python3-websockets, and operators on Python and Bun: every frame arrives as it was sent. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chance } from '../support/chance.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { findPython } from '../support/python.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { PythonPeer } from '../support/streams/python-peer.ts';
import { createSession, sessionAt, type TestSession, untilConnected } from '../support/streams/session.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 120_000;
const OPERATORS = 10;
const MEBIBYTE = 1024 ** 2;
/** Around every boundary of a frame's length (RFC 6455, section 5.2), up to the largest message. */
const SIZES = [1, 2, 125, 126, 127, 65_535, 65_536, 65_537, MEBIBYTE, 10 * MEBIBYTE];

interface PlannedFrame {
  readonly path: string;
  readonly text: boolean;
  readonly fragments: number;
  /** A ping is sent after it, and its pong awaited. */
  readonly ping: boolean;
}

const python = findPython('websockets');
if (python === undefined) console.log('clients on Python are skipped: install python3-websockets');

describe.skipIf(python === undefined)('with clients on Python', () => {
  let server: TestServer;
  let folder: string;
  const peers: PythonPeer[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    folder = await mkdtemp(join(tmpdir(), 'kaa-frames-'));
  }, TIMEOUT_MS);

  afterAll(async () => {
    for (const peer of peers) await peer.kill();
    await server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  function start(role: 'source' | 'operators', order: object): PythonPeer {
    const peer = new PythonPeer(python ?? '', role, order);
    peers.push(peer);
    return peer;
  }

  async function startOperators(session: TestSession, count: number): Promise<PythonPeer> {
    const ids = Array.from({ length: count }, (_, index) => `py-${index}`);
    const urls = await Promise.all(
      ids.map(
        async (userId) =>
          `${session.operatorUrl(userId)}?token=${await server.token(userId, ['participant'])}`,
      ),
    );
    const peer = start('operators', { urls });
    expect(await peer.says<object>()).toEqual({ connected: true });
    return peer;
  }

  test(
    'every frame arrives everywhere, in order, byte for byte: text and binary, 1 byte to 10 MB, fragmented, with pings between',
    async () => {
      const { plan, digests } = await planFrames(folder);
      const session = await createSession(server);
      const onPython = await startOperators(session, OPERATORS);
      const received = Array.from({ length: OPERATORS }, (): string[] => []);
      const onBun = await Promise.all(
        received.map((list, index) =>
          session.operator(`bun-${index}`, { onFrame: (frame) => list.push(digestOf(frame)) }),
        ),
      );
      await untilConnected(
        session,
        received.flatMap((_, index) => [`py-${index}`, `bun-${index}`]),
      );
      const source = start('source', { url: session.sourceUrl, frames: plan });
      expect(await source.says<object>()).toEqual({ connected: true });
      expect(await source.says<object>()).toEqual({ sent: plan.length });
      // The last pong came back behind the last frame: all of them have reached the server.
      expect((await session.finish()).status).toBe(204);
      expect(await source.says<object>()).toEqual({ closed: 4404, reason: 'the session was ended' });
      for (const operator of onBun) expect((await operator.closed).code).toBe(4404);
      expect(received).toEqual(received.map(() => digests));
      const outcomes = await Promise.all(received.map(() => onPython.says<{ operator: number }>()));
      const wanted = received.map((_, operator) => ({ operator, frames: digests, closed: 4404 }));
      expect(outcomes.toSorted((a, b) => a.operator - b.operator)).toEqual(wanted);
    },
    TIMEOUT_MS,
  );

  test(
    'over the limit the sender alone is closed, with 1009; whole or in fragments; and may come back',
    async () => {
      const session = await createSession(server);
      const operator = await session.operator('ann');
      const cases = [
        { size: 10 * MEBIBYTE + 1, fragments: 1, codes: [1009] },
        { size: 10 * MEBIBYTE + 1, fragments: 16, codes: [1009] },
        // Bun ends in its middle what is far too long: not every client hears the code that came before the end.
        { size: 20 * MEBIBYTE, fragments: 1, codes: [1009, 1006] },
        { size: 20 * MEBIBYTE, fragments: 4, codes: [1009, 1006] },
      ];
      for (const { size, fragments, codes } of cases) {
        const path = join(folder, 'too-long');
        await Bun.write(path, new Uint8Array(size));
        const frames: PlannedFrame[] = [{ path, text: false, fragments, ping: false }];
        const source = start('source', { url: session.sourceUrl, frames });
        let said = await source.says<{ closed?: number }>();
        while (said.closed === undefined) said = await source.says();
        expect(codes).toContain(said.closed);
      }
      const source = await session.source();
      source.send('still there');
      expect(await operator.received(1)).toEqual(['still there']);
      await session.finish();
    },
    TIMEOUT_MS,
  );

  test(
    'the example brings a file from one to another, with words of ours between',
    async () => {
      const session = await createSession(server);
      const content = bytesOf(300_000, chance(2));
      const run = (...args: string[]) =>
        Bun.spawn([python ?? '', join(import.meta.dir, '../../examples/stream_client.py'), ...args], {
          stdin: 'pipe',
          stdout: 'pipe',
          stderr: 'pipe',
        });
      const token = await server.token('ann', ['participant']);
      const operator = run('operator', session.operatorUrl('ann'), token);
      await untilConnected(session, ['ann']);
      const witness = await session.operator('bob');
      const source = run('source', session.sourceUrl);
      source.stdin.write(content);
      await source.stdin.end();
      expect(await source.exited).toBe(0);
      const bytes = () => witness.frames.reduce((sum, frame) => sum + frame.length, 0);
      await until('all of it was sent', () => bytes() === content.length);
      await session.finish();
      expect(Bun.hash(await new Response(operator.stdout).bytes())).toBe(Bun.hash(content));
      expect(await new Response(operator.stderr).text()).toContain('the session is over');
      expect(await operator.exited).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'the example brings its header again when it loses the server, and says in a line that it is refused',
    async () => {
      const session = await createSession(server);
      const proxy = await CuttableProxy.before(server.url);
      const throughProxy = sessionAt({ url: proxy.url, token: server.token }, session);
      const example = join(import.meta.dir, '../../examples/stream_client.py');
      const source = Bun.spawn([python ?? '', example, 'source', throughProxy.sourceUrl], {
        stdin: 'pipe',
        stderr: 'ignore',
      });
      try {
        const ann = await session.operator('ann');
        source.stdin.write('header');
        await source.stdin.flush();
        await ann.received(1);
        proxy.cut();
        proxy.mend();
        // What is written into a connection that is already lost may be lost with it.
        while (ann.frames.length < 3) {
          source.stdin.write('more');
          await source.stdin.flush();
          await Bun.sleep(100);
        }
        const late = await session.operator('late');
        expect((await late.received(1))[0]).toEqual(Buffer.from('header'));
      } finally {
        source.kill();
        proxy.close();
      }
      const stranger = Bun.spawn(
        [python ?? '', example, 'operator', session.operatorUrl('eve'), 'no-token'],
        {
          stderr: 'pipe',
        },
      );
      expect(await new Response(stranger.stderr).text()).toMatch(/^refused: .*401.*\n$/);
      expect(await stranger.exited).toBe(1);
      await session.finish();
    },
    TIMEOUT_MS,
  );

  test(
    'what an operator on Python says is heard by a source on Bun',
    async () => {
      const session = await createSession(server);
      const source = await session.source();
      await startOperators(session, 1);
      expect(await source.received(1)).toEqual(['an operator from Python']);
      await session.finish();
    },
    TIMEOUT_MS,
  );
});

/** Each size as text and as bytes, whole and in fragments, every other one with a ping after it. */
async function planFrames(folder: string): Promise<{ plan: PlannedFrame[]; digests: string[] }> {
  const random = chance(1);
  const plan: PlannedFrame[] = [];
  const digests: string[] = [];
  for (const size of SIZES) {
    for (const text of [true, false]) {
      const content = text ? textOf(size) : bytesOf(size, random);
      for (const fragments of size > 1 && size <= MEBIBYTE ? [1, 3] : [1]) {
        const path = join(folder, `frame-${plan.length}`);
        await Bun.write(path, content);
        plan.push({ path, text, fragments, ping: plan.length % 2 === 1 });
        digests.push(digestOf(content));
      }
    }
  }
  return { plan, digests };
}

/** So many bytes of UTF-8 that are not all ASCII, when there is room. */
function textOf(size: number): string {
  return 'ф'.repeat(Math.floor(size / 4)).padEnd(size - Math.floor(size / 4), '{');
}

function bytesOf(size: number, random: () => number): Uint8Array {
  return new Uint8Array(size).map(() => Math.floor(random() * 256));
}

function digestOf(frame: string | Uint8Array): string {
  const hash = createHash('sha256').update(frame).digest('hex');
  return `${typeof frame === 'string' ? 'text' : 'binary'} ${Buffer.byteLength(frame)} ${hash}`;
}
