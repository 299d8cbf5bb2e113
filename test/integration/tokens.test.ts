import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Grant, Role } from '../../src/auth/index.ts';
import { failureOf } from '../support/failure.ts';
import { createCall } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';
import { askForUpgrade } from '../support/upgrade.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

describe('the token of a socket', () => {
  const BAD = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJrYWEifQ.AAAA';
  const SUBPROTOCOL = 'Sec-WebSocket-Protocol';
  let good: string;
  beforeAll(async () => {
    good = await server.token('alice');
  });

  function ask(query: string, ...headers: [string, string][]) {
    return askForUpgrade(server.url, `/video-calls/ws${query}`, headers);
  }

  test('is taken from the header, from the subprotocol, which is echoed as it came, and from the query', async () => {
    const accepted = { status: 101, subprotocol: undefined };
    expect(await ask('', ['Authorization', `Bearer ${good}`])).toEqual(accepted);
    expect(await ask('', ['authorization', `bearer   ${good}`])).toEqual(accepted);
    expect(await ask(`?token=${good}`)).toEqual(accepted);
    for (const [offered, echoed] of [
      [`bearer, ${good}`, 'bearer'],
      [`bearer,${good}`, 'bearer'],
      [` bearer ,  ${good} `, 'bearer'],
      [`Bearer, ${good}`, 'Bearer'],
      [`kaa.v1, bearer, ${good}`, 'bearer'],
    ] as const) {
      expect({ offered, ...(await ask('', [SUBPROTOCOL, offered])) }).toEqual({
        offered,
        status: 101,
        subprotocol: echoed,
      });
    }
    expect(await ask('', [SUBPROTOCOL, 'bearer'], [SUBPROTOCOL, good])).toMatchObject({ status: 101 });
  });

  test('is refused with 401 when it is missing, cut or bad, wherever it stands', async () => {
    const refused: [string, ...[string, string][]][] = [
      [''],
      ['?token='],
      ['?token=x'],
      [`?token=${BAD}`],
      [`?token=${BAD}&token=${good}`],
      ['', ['Authorization', 'Bearer']],
      ['', ['Authorization', `Bearer ${BAD}`]],
      ['', ['Authorization', `Bearer ${good}, Bearer ${good}`]],
      ['', [SUBPROTOCOL, 'bearer']],
      ['', [SUBPROTOCOL, 'bearer,']],
      ['', [SUBPROTOCOL, `${good}, bearer`]],
      ['', [SUBPROTOCOL, `bearer, ${BAD}`]],
      ['', [SUBPROTOCOL, good]],
    ];
    for (const [query, ...headers] of refused) {
      expect({ query, headers, ...(await ask(query, ...headers)) }).toMatchObject({
        query,
        headers,
        status: 401,
      });
    }
  });

  test('is decided by the first place that has one, even when a later one has a better', async () => {
    expect((await ask(`?token=${good}`, ['Authorization', `Bearer ${BAD}`])).status).toBe(401);
    expect((await ask(`?token=${good}`, ['Authorization', 'Bearer'])).status).toBe(401);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, `bearer, ${BAD}`])).status).toBe(401);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, 'bearer'])).status).toBe(401);
    const both: [string, string][] = [
      ['Authorization', `Bearer ${BAD}`],
      [SUBPROTOCOL, `bearer, ${good}`],
    ];
    expect((await ask('', ...both)).status).toBe(401);
    expect((await ask(`?token=${BAD}`, ['Authorization', `Bearer ${good}`])).status).toBe(101);
    expect((await ask(`?token=${BAD}`, [SUBPROTOCOL, `bearer, ${good}`])).status).toBe(101);
  });

  test('may stand beside what is no token: another scheme, another subprotocol', async () => {
    const basic = `Basic ${btoa('proxy:password')}`;
    expect((await ask(`?token=${good}`, ['Authorization', basic])).status).toBe(101);
    expect((await ask(`?token=${good}`, [SUBPROTOCOL, 'kaa.v1'])).status).toBe(101);
  });

  test('in the query opens sockets only, no route', async () => {
    expect((await fetch(`${server.url}/video-calls?token=${good}`)).status).toBe(401);
  });
});

describe('a token with grants', () => {
  /** Asks for a route as an admin whose token names the call "named" only. */
  async function ask(method: string, path: string, grant: Grant = { moderate: true, record: true }) {
    const roles: Role[] = ['admin', 'host', 'service'];
    const token = await server.token('deputy', roles, { grants: { named: grant } });
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify({ title: 'Taken over' }) }),
    });
    const { error } = (await response.json()) as { error?: string };
    return { status: response.status, error };
  }
  const forbidden = { status: 403, error: 'forbidden' };

  beforeAll(async () => {
    for (const id of ['named', 'other']) await createCall(server, 'hanna', { id, invited: ['deputy'] });
  });

  test('sees the call that it names', async () => {
    expect((await ask('GET', '/video-calls/named')).status).toBe(200);
  });

  test('is refused for calls that it does not name, there or not, whatever its roles and invitations are', async () => {
    for (const path of ['/video-calls/other', '/video-calls/nowhere', '/video-calls/Named']) {
      expect(await ask('GET', path)).toEqual(forbidden);
      expect(await ask('PUT', path)).toEqual(forbidden);
      expect(await ask('DELETE', path)).toEqual(forbidden);
    }
  });

  test('is refused for every route outside of calls', async () => {
    expect(await ask('POST', '/video-calls')).toEqual(forbidden);
    expect(await ask('GET', '/video-calls')).toEqual(forbidden);
    expect(await ask('GET', '/video-calls/?status=active')).toEqual(forbidden);
  });

  test('does not manage the call that it names: that is for its host', async () => {
    expect(await ask('PUT', '/video-calls/named')).toEqual(forbidden);
    expect(await ask('DELETE', '/video-calls/named')).toEqual(forbidden);
  });

  test('reaches what is public', async () => {
    expect((await ask('GET', '/openapi/json')).status).toBe(200);
    expect((await ask('GET', '/health')).status).toBe(200);
  });

  test('joins the call that it names with the rights that it names, and no other call', async () => {
    const token = await server.token('deputy', ['admin'], { grants: { named: { subscribe: true } } });
    const other = await SignalingClient.connect(server.url, token, 'other');
    expect(await failureOf(other.request('join', { protocol: 'mediasoup' }))).toMatchObject({
      code: 'forbidden',
    });
    const named = await SignalingClient.connect(server.url, token, 'named');
    const { permissions } = await named.request('join', { protocol: 'mediasoup' });
    expect(permissions).toMatchObject({ publish: [], subscribe: true, data: false, moderate: false });
    expect(await failureOf(named.request('chat', { text: 'hi' }))).toMatchObject({ code: 'forbidden' });
    await Promise.all([other.close(), named.close()]);
  });
});
