/** How streaming sessions live: sources that go, return and are replaced, late operators, restarts, ends. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { failureOf } from '../support/failure.ts';
import { ServerProcess } from '../support/kills/server-process.ts';
import { RawWebSocket } from '../support/raw-websocket.ts';
import { createDataDir, startTestServer } from '../support/server.ts';
import { knock } from '../support/streams/refusal.ts';
import {
  createSession,
  type StreamPlace,
  sessionAt,
  type TestSession,
  untilConnected,
} from '../support/streams/session.ts';
import {
  openStreamDatabase,
  type StreamDatabase,
  type StreamServer,
  startStreamServer,
} from '../support/streams/stream-server.ts';

setDefaultTimeout(60_000);

let shared: StreamDatabase;
let server: StreamServer;

beforeAll(async () => {
  shared = await openStreamDatabase();
  server = await startStreamServer(shared);
});

afterAll(async () => {
  await server?.close();
  await shared?.close();
});

describe('a source', () => {
  test('that comes back in time goes on, and its operators notice nothing but the gap', async () => {
    const session = await createSession(server);
    const ann = await session.operator('ann');
    const first = await session.source();
    first.send('one');
    await ann.received(1);
    await first.cut();
    const second = await session.source();
    second.send('two');
    expect(await ann.received(2)).toEqual(['one', 'two']);
    await session.finish();
  });

  test('that does not come back is the end of its session', async () => {
    await withServer({ SESSION_SOURCE_GRACE: '0s' }, async (strict) => {
      const session = await createSession(strict);
      const ann = await session.operator('ann');
      await (await session.source()).close();
      expect(await ann.closed).toEqual({ code: 4404, reason: 'the source did not come back' });
      await untilFinished(strict, session);
    });
  });

  test('replaces the one before, which is told so and sends to nobody any more', async () => {
    // It is the session of the second then: that the first has gone ends nothing, not even where nobody is waited for.
    await withServer({ SESSION_SOURCE_GRACE: '0s' }, async (strict) => {
      const session = await createSession(strict);
      const ann = await session.operator('ann');
      const first = await session.source();
      const second = await session.source();
      expect(await first.closed).toEqual({ code: 4409, reason: 'another source took over' });
      await untilConnected(session, ['ann']);
      second.send('of the second');
      expect(await ann.received(1)).toEqual(['of the second']);
      await session.finish();
    });
  });

  test('with a header has it sent first to those who come later', async () => {
    const session = await createSession(server);
    const early = await session.operator('early');
    const source = await session.source({ header: true });
    const header = Buffer.from('header');
    source.send(header);
    source.send('one');
    await early.received(2);
    const late = await session.operator('late');
    source.send('two');
    expect(await late.received(2)).toEqual([header, 'two']);
    await source.cut();
    expect(await (await session.operator('later')).received(1)).toEqual([header]);
    const again = await session.source({ header: true });
    again.send('header 2');
    await late.received(3);
    expect(await (await session.operator('last')).received(1)).toEqual(['header 2']);
    await session.finish();
  });

  test('hears its operators, and they do not hear each other', async () => {
    const session = await createSession(server);
    const ann = await session.operator('ann');
    const bob = await session.operator('bob');
    const source = await session.source();
    ann.send('from Ann');
    bob.send(Buffer.from('from Bob'));
    await source.received(2);
    expect(source.frames.map(String).sort()).toEqual(['from Ann', 'from Bob']);
    source.send('done');
    expect(await ann.received(1)).toEqual(['done']);
    expect(await bob.received(1)).toEqual(['done']);
    await session.finish();
  });
});

describe('an operator', () => {
  test('is closed with 4401 when the token ends', async () => {
    const session = await createSession(server);
    const token = await server.token('ann', ['participant'], { lifetimeSeconds: 2 });
    expect((await (await session.operator('ann', { token })).closed).code).toBe(4401);
    await session.finish();
  });

  test('may be connected twice, and is one of the list', async () => {
    const session = await createSession(server);
    const here = await session.operator('ann');
    const there = await session.operator('ann');
    const source = await session.source();
    source.send('frame');
    expect([await here.received(1), await there.received(1)]).toEqual([['frame'], ['frame']]);
    await here.close();
    await untilConnected(session, ['ann']);
    await there.close();
    await untilConnected(session, []);
    await session.finish();
  });
});

describe('settings', () => {
  test('may keep operators from talking', async () => {
    await withServer({ SESSION_OPERATOR_TALK: 'off' }, async (quiet) => {
      const session = await createSession(quiet);
      const ann = await session.operator('ann');
      const source = await session.source();
      ann.send('to nobody');
      source.send('one');
      await ann.received(1);
      await session.finish();
      await source.closed;
      expect(source.frames).toEqual([]);
    });
  });

  test('finish a session whose source never came, and none that is in use', async () => {
    await withServer({ SESSION_IDLE_TIMEOUT: '1s' }, async (impatient) => {
      const used = await createSession(impatient);
      await used.source();
      const session = await createSession(impatient);
      const ann = await session.operator('ann');
      expect(await ann.closed).toEqual({ code: 4404, reason: 'the source never came' });
      expect((await knock(session.sourceUrl)).error).toBe('session_finished');
      expect((await knock(used.sourceUrl)).status).toBe(101);
    });
  });

  test('finish none that is in use, even if that could not be written down', async () => {
    await withServer({ SESSION_IDLE_TIMEOUT: '1s' }, async (impatient) => {
      const used = await createSession(impatient);
      const source = await used.source();
      const ann = await used.operator('ann');
      // As it stands when the database was away for long just then.
      await forgetActive(used);
      // Whatever finishes this one has looked at the other before.
      const unused = await createSession(impatient);
      expect((await (await unused.operator('bob')).closed).code).toBe(4404);
      source.send('still here');
      expect(await ann.received(1)).toEqual(['still here']);
    });
  });

  test('close a socket from which nothing comes, and none that answers pings', async () => {
    await withServer({ STREAM_SOCKET_TIMEOUT: '500ms' }, async (strict) => {
      const session = await createSession(strict);
      const alive = await session.operator('ann');
      const token = await strict.token('bob', ['participant']);
      const path = new URL(session.operatorUrl('bob')).pathname;
      const silent = await RawWebSocket.connect(strict.url, token, () => {}, path);
      expect((await silent.closed).code).toBe(4408);
      await silent.gone;
      await untilConnected(session, ['ann']);
      await alive.close();
    });
  });

  test('limit what a message of a session may be', async () => {
    await withServer({ WS_MAX_MESSAGE_SIZE: '4MiB' }, async (roomy) => {
      const session = await createSession(roomy);
      const ann = await session.operator('ann');
      const source = await session.source();
      source.send(Buffer.alloc(4 * 1024 ** 2));
      expect((await ann.received(1))[0]).toHaveLength(4 * 1024 ** 2);
      source.send(Buffer.alloc(4 * 1024 ** 2 + 1));
      expect(await source.closed).toEqual({ code: 1009, reason: 'the message is too long' });
    });
  });
});

describe('a restart', () => {
  test('closes sockets with 1012, and leaves the sessions: source and operators come back, or they are finished', async () => {
    const env = { SESSION_SOURCE_GRACE: '3s' };
    const before = await startStreamServer(shared, env);
    const session = await createSession(before);
    const waiting = await createSession(before);
    const lost = await createSession(before);
    const ann = await session.operator('ann');
    const source = await session.source();
    const lostSource = await lost.source();
    source.send('one');
    await ann.received(1);
    await before.close();
    for (const client of [source, ann, lostSource]) expect((await client.closed).code).toBe(1012);

    const after = await startStreamServer(shared, env);
    try {
      const again = sessionAt(after, session);
      const back = await again.operator('ann');
      const sourceBack = await again.source();
      sourceBack.send('two');
      expect(await back.received(1)).toEqual(['two']);
      expect((await again.operators()).map(({ user_id }) => user_id)).toEqual(['ann']);
      await untilFinished(after, lost);
      expect((await knock(sessionAt(after, waiting).sourceUrl)).status).toBe(101);
    } finally {
      await after.close();
    }
  });

  test('without a word (kill -9) costs no session either', async () => {
    const dataDir = await createDataDir();
    const process = await ServerProcess.start({ dataDir, env: {} });
    try {
      const session = await createSession(process);
      const ann = await session.operator('ann');
      const source = await session.source();
      source.send('one');
      await ann.received(1);
      await process.end('SIGKILL');
      expect([(await ann.closed).code, (await source.closed).code]).toEqual([1006, 1006]);
      await process.restart();
      const again = sessionAt(process, session);
      const back = await again.operator('ann');
      (await again.source()).send('two');
      expect(await back.received(1)).toEqual(['two']);
      expect((await again.finish()).status).toBe(204);
      expect((await back.closed).code).toBe(4404);
    } finally {
      await process.end('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

test('signalling keeps its own, smaller limits, and its sockets beside', async () => {
  const whole = await startTestServer();
  try {
    const signaling = await RawWebSocket.connect(whole.url, await whole.token('ann'), () => {});
    const text = 'x'.repeat(2 * 1024 ** 2);
    signaling.sendText(JSON.stringify({ type: 'chat', roomId: 'r', data: { text } }));
    expect((await signaling.closed).code).toBe(1009);
    const session = await createSession(whole);
    const ann = await session.operator('ann');
    (await session.source()).send(text);
    expect(await ann.received(1)).toEqual([text]);
    await whole.app.drain();
    expect((await ann.closed).code).toBe(1012);
  } finally {
    await whole.close();
  }
});

test('a server in production refuses to be without keys', async () => {
  const failure = await failureOf(
    startTestServer({ env: { NODE_ENV: 'production', STREAM_WS_AUTH: 'off', CALL_AUTO_CREATE: 'off' } }),
  );
  expect(String(failure)).toContain('STREAM_WS_AUTH');
});

async function withServer(
  env: Readonly<Record<string, string>>,
  use: (server: StreamServer) => Promise<void>,
): Promise<void> {
  const other = await startStreamServer(shared, env);
  try {
    await use(other);
  } finally {
    await other.close();
  }
}

/** The row is written behind the end of the session. */
async function untilFinished(place: StreamPlace, session: TestSession): Promise<void> {
  const authorization = `Bearer ${await place.token('an-operator', ['participant'])}`;
  const { operatorUrl } = sessionAt(place, session);
  const deadline = Date.now() + 15_000;
  while ((await knock(operatorUrl('an-operator'), { authorization })).error !== 'session_finished') {
    if (Date.now() > deadline) throw new Error('the session is not finished');
    await Bun.sleep(50);
  }
}

/** Makes its row, once it says that the source came, say again that it never did; and that it waits for a minute already. */
async function forgetActive({ id }: TestSession): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const { rows } = await shared.database.executeSql(
      `update streaming_sessions set status = 'waiting', created_at = now() - interval '1 minute'
       where id = $1 and status = 'active' returning id`,
      [id],
    );
    if (rows.length === 1) return;
    if (Date.now() > deadline) throw new Error('the session never became active');
    await Bun.sleep(10);
  }
}
