/** Who gets into a streaming session and who does not: each is told by a status and a stable code. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { newId } from '../../src/lib/index.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { knock } from '../support/streams/refusal.ts';
import { ask, createSession, type TestSession, untilConnected } from '../support/streams/session.ts';
import { StreamClient } from '../support/streams/stream-client.ts';

setDefaultTimeout(60_000);
const OPEN = { status: 101, error: undefined };
const UNAUTHENTICATED = { status: 401, error: 'unauthenticated' };
const FORBIDDEN = { status: 403, error: 'forbidden' };

let server: TestServer;
let session: TestSession;

beforeAll(async () => {
  server = await startTestServer({ env: { SESSION_MAX_OPERATORS: '2' } });
  session = await createSession(server);
});

afterAll(() => server?.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const participant = (userId: string) => server.token(userId, ['participant']);

describe('a source', () => {
  test('is let in by its key, in the query or in a header', async () => {
    const { sourceUrl, key, operatorUrl, clientId } = await createSession(server);
    expect(await knock(sourceUrl)).toEqual(OPEN);
    expect(await knock(operatorUrl(clientId), { 'x-stream-key': key })).toEqual(OPEN);
  });

  test('is refused without a key, and with another one, whatever token it shows', async () => {
    const url = session.operatorUrl(session.clientId);
    const other = await createSession(server);
    expect(await knock(url)).toEqual(UNAUTHENTICATED);
    expect(await knock(url, bearer(await participant(session.clientId)))).toEqual(UNAUTHENTICATED);
    expect(await knock(url, bearer(await server.token('root', ['admin'])))).toEqual(UNAUTHENTICATED);
    for (const key of ['', 'x', other.key, `${session.key}x`]) {
      expect(await knock(`${url}?key=${key}`)).toEqual(UNAUTHENTICATED);
      expect(await knock(url, { 'x-stream-key': key })).toEqual(UNAUTHENTICATED);
    }
  });
});

describe('an operator', () => {
  test('is let in by a token of theirs: in a header, as a subprotocol, in the query', async () => {
    const url = session.operatorUrl('ann');
    const token = await participant('ann');
    expect(await knock(url, bearer(token))).toEqual(OPEN);
    expect(await knock(url, { 'sec-websocket-protocol': `bearer, ${token}` })).toEqual(OPEN);
    expect(await knock(`${url}?token=${token}`)).toEqual(OPEN);
    await untilConnected(session, []);
  });

  test('is let in by a token of a service, under any name', async () => {
    expect(await knock(session.operatorUrl('bob'), bearer(await server.token('gate', ['service'])))).toEqual(
      OPEN,
    );
    await untilConnected(session, []);
  });

  test('is refused without a token, and with one that does not hold', async () => {
    const url = session.operatorUrl('ann');
    const expired = await server.token('ann', ['participant'], { lifetimeSeconds: -60 });
    expect(await knock(url)).toEqual(UNAUTHENTICATED);
    expect(await knock(`${url}?token=nonsense`)).toEqual(UNAUTHENTICATED);
    expect(await knock(url, bearer(expired))).toEqual(UNAUTHENTICATED);
    expect(await knock(`${url}?key=${session.key}`)).toEqual(UNAUTHENTICATED);
  });

  test('is refused as somebody else, with a token for calls, and from a foreign page', async () => {
    const url = session.operatorUrl('ann');
    const granted = await server.token('ann', ['admin'], { grants: { standup: { subscribe: true } } });
    expect(await knock(url, bearer(await participant('eve')))).toEqual(FORBIDDEN);
    expect(await knock(url, bearer(granted))).toEqual(FORBIDDEN);
    const foreign = { ...bearer(await participant('ann')), origin: 'https://evil.example.com' };
    expect(await knock(url, foreign)).toEqual(FORBIDDEN);
  });

  test('is refused when there are as many as there may be, until one has left', async () => {
    const full = await createSession(server);
    const first = await full.operator('ann');
    await full.operator('bob');
    const token = await participant('carl');
    const tooMany = { status: 403, error: 'too_many_operators' };
    expect(await knock(full.operatorUrl('carl'), bearer(token))).toEqual(tooMany);
    expect((await full.operators()).map(({ user_id }) => user_id)).toEqual(['ann', 'bob']);
    await first.close();
    await untilConnected(full, ['bob']);
    expect(await knock(full.operatorUrl('carl'), bearer(token))).toEqual(OPEN);
    await full.finish();
  });

  test('who comes at the same moment as another is not one too many', async () => {
    const crowded = await createSession(server);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const outcomes = await Promise.all(
      names.map(async (name) => {
        const operator = await crowded.operator(name).catch(() => undefined);
        return operator && Promise.race([operator.closed.then(({ code }) => code), Bun.sleep(500)]);
      }),
    );
    // Refused at the upgrade, or right behind it; two stay.
    expect(outcomes.filter((outcome) => outcome === undefined || outcome === 1013).length).toBeGreaterThan(3);
    const connected = (await crowded.operators()).filter((operator) => operator.connected);
    expect(connected).toHaveLength(2);
    await crowded.finish();
  });
});

describe('a session that', () => {
  test('nobody knows is not found', async () => {
    const token = await participant('ann');
    const unknown = `${server.url.replace('http', 'ws')}/ws/stream/${newId()}`;
    const notFound = { status: 404, error: 'session_not_found' };
    expect(await knock(`${unknown}/ann`, bearer(token))).toEqual(notFound);
    expect(await knock(`${unknown}/camera?key=${session.key}`)).toEqual(notFound);
    expect(await knock(`${unknown}/ann`)).toEqual(UNAUTHENTICATED);
  });

  test('has no address of that form is refused', async () => {
    const base = `${server.url.replace('http', 'ws')}/ws/stream`;
    const invalid = { status: 400, error: 'validation_error' };
    expect(await knock(`${base}/nonsense/ann?key=x`)).toEqual(invalid);
    expect(await knock(`${base}/${newId()}/a%20b?key=x`)).toEqual(invalid);
  });

  test('is finished lets nobody in, and its operators stay listed', async () => {
    const over = await createSession(server);
    await over.operator('ann');
    expect((await over.finish()).status).toBe(204);
    const finished = { status: 409, error: 'session_finished' };
    expect(await knock(over.sourceUrl)).toEqual(finished);
    expect(await knock(over.operatorUrl('ann'), bearer(await participant('ann')))).toEqual(finished);
    const moment = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await over.operators()).toEqual([{ user_id: 'ann', joined_at: moment, connected: false }]);
  });
});

describe('the routes', () => {
  const refusal = async (response: Response) => ({
    status: response.status,
    error: ((await response.json()) as { error: string }).error,
  });

  test('refuse a client_id that is none', async () => {
    const token = await server.token('root', ['admin']);
    const bodies = [
      {},
      { client_id: 7 },
      { client_id: '' },
      { client_id: 'a b' },
      { client_id: 'x'.repeat(129) },
      { client_id: '.' },
      { client_id: '..' },
    ];
    const unknown = { client_id: 'camera', extra: true };
    for (const body of [...bodies, unknown, { client_id: 'sfu' }, [], 'camera']) {
      expect(await refusal(await ask(server, token, 'POST', '/sessions', body))).toEqual({
        status: 400,
        error: 'validation_error',
      });
    }
  });

  test('let one make sessions for oneself, and services for anybody', async () => {
    const create = async (token: string | undefined) =>
      await ask(server, token, 'POST', '/sessions', { client_id: 'camera' });
    expect(await refusal(await create(undefined))).toEqual(UNAUTHENTICATED);
    expect(await refusal(await create(await participant('eve')))).toEqual(FORBIDDEN);
    for (const role of ['service', 'admin'] as const) {
      expect((await create(await server.token('somebody', [role]))).status).toBe(201);
    }
  });

  test('end a session once and again, for its source, services and admins, and not for a stranger', async () => {
    const own = await createSession(server);
    expect(await refusal(await own.finish(await participant('eve')))).toEqual(FORBIDDEN);
    expect((await own.source()).frames).toEqual([]);
    expect((await own.finish()).status).toBe(204);
    expect((await own.finish()).status).toBe(204);
    expect((await own.finish(await server.token('gate', ['service']))).status).toBe(204);
    expect(await refusal(await own.finish(await participant('eve')))).toEqual(FORBIDDEN);
    const unknown = await ask(server, await participant('eve'), 'DELETE', `/sessions/${newId()}`);
    expect(await refusal(unknown)).toEqual({ status: 404, error: 'session_not_found' });
    const invalid = await ask(server, await participant('eve'), 'DELETE', '/sessions/nonsense');
    expect(await refusal(invalid)).toEqual({ status: 400, error: 'validation_error' });
  });

  test('tell who watches, in the order in which they came, to those who may know', async () => {
    const watched = await createSession(server);
    const ann = await watched.operator('ann');
    await watched.operator('bob');
    await ann.close();
    await untilConnected(watched, ['bob']);
    const again = await watched.operator('ann');
    await untilConnected(watched, ['ann', 'bob']);
    const operators = await watched.operators();
    expect(operators.map(({ user_id }) => user_id)).toEqual(['ann', 'bob']);
    await again.close();
    const token = await participant('ann');
    const stranger = await ask(server, token, 'GET', `/sessions/${watched.id}/operators`);
    expect(await refusal(stranger)).toEqual(FORBIDDEN);
    await watched.finish();
  });
});

test('an id may be written in capitals, and in no other way than with dashes', async () => {
  const written = await createSession(server);
  const token = await participant('camera');
  const loud = written.id.toUpperCase();
  const ann = await written.operator('ann');
  const source = await StreamClient.connect(written.sourceUrl.replace(written.id, loud));
  source.send('frame');
  expect(await ann.received(1)).toEqual(['frame']);
  for (const id of [`urn:uuid:${written.id}`, `{${written.id}}`, written.id.replaceAll('-', '')]) {
    const response = await ask(server, token, 'DELETE', `/sessions/${encodeURIComponent(id)}`);
    expect({ id, status: response.status }).toEqual({ id, status: 400 });
  }
  expect((await ask(server, token, 'DELETE', `/sessions/${loud}`)).status).toBe(204);
  expect((await ann.closed).code).toBe(4404);
});

describe('without STREAM_WS_AUTH, as the seed was', () => {
  test('a source needs no key, and operators no token', async () => {
    const open = await startTestServer({ env: { STREAM_WS_AUTH: 'off' } });
    try {
      const session = await createSession(open);
      expect(await knock(session.operatorUrl(session.clientId))).toEqual(OPEN);
      expect(await knock(session.operatorUrl('anybody'))).toEqual(OPEN);
      expect((await session.operators()).map(({ user_id }) => user_id)).toEqual(['anybody']);
    } finally {
      await open.close();
    }
  }, 30_000);
});
