/** Every caller at every route and with every message: allowed or refused as the tables beside say. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { RequestType } from '../../../src/protocol/index.ts';
import { handlers } from '../../../src/signaling/handlers/index.ts';
import { failureOf } from '../../support/failure.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { SignalingClient } from '../../support/signaling-client.ts';
import { askForUpgrade } from '../../support/upgrade.ts';
import { badTokens, CALLER_NAMES, type CallerName, grantOf, tokenOf } from './callers.ts';
import { MESSAGE_RULES, type MessageRule } from './message-rules.ts';
import { ROUTE_RULES, type RouteRule, SOCKET_ROUTES, type Verdict } from './route-rules.ts';
import { openCall, Stage } from './stage.ts';

const TIMEOUT_MS = 120_000;

let server: TestServer;
let rooms = 0;

beforeAll(async () => {
  server = await startTestServer();
}, TIMEOUT_MS);

afterAll(() => server.close());

function newRoom(): string {
  rooms += 1;
  return `room-${rooms}`;
}

async function ask(route: string, rule: RouteRule, roomId: string, token: string | undefined) {
  const [method = '', pattern = ''] = route.split(' ');
  const { path = pattern.replace(':id', roomId).replace(':userId', 'target'), body } =
    rule.request?.(roomId) ?? {};
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, error: isJson ? JSON.parse(text).error : undefined };
}

const ANSWERS: Readonly<Record<Verdict, object>> = {
  forbidden: { status: 403, error: 'forbidden' },
  hidden: { status: 404, error: 'call_not_found' },
  allowed: {},
};

describe('routes', () => {
  test('each has a rule, and each rule a route', () => {
    // Elysia lists `/video-calls/` where both that and `/video-calls` are answered.
    const served = server.app.routes.map((route) => route.replace(/(?<=\w)\/$/, ''));
    const ruled = [...Object.keys(ROUTE_RULES), ...SOCKET_ROUTES].sort();
    // A new route needs a line in route-rules.ts that says who may use it.
    expect([...new Set(served)].sort()).toEqual(ruled);
  });

  for (const [route, rule] of Object.entries(ROUTE_RULES)) {
    const { may } = rule;
    if (!may) {
      test(`${route} is for everyone`, async () => {
        for (const token of [undefined, 'no.token', await tokenOf('viewer', 'x')]) {
          expect((await ask(route, rule, newRoom(), token)).status).toBe(rule.status ?? 200);
        }
      });
      continue;
    }
    test(
      `${route} is for ${CALLER_NAMES.filter((caller) => may(caller) === 'allowed').join(', ')}`,
      async () => {
        await Promise.all(
          CALLER_NAMES.map(async (caller) => {
            const roomId = newRoom();
            const target = await openCall(server, roomId, 'invited');
            const answer = await ask(route, rule, roomId, await tokenOf(caller, roomId));
            const verdict = may(caller);
            if (verdict === 'allowed') expect({ caller, ...answer }).toSatisfy(({ status }) => status < 300);
            else expect({ caller, ...answer }).toEqual({ caller, ...ANSWERS[verdict] } as never);
            await target.close();
          }),
        );
        const roomId = newRoom();
        const target = await openCall(server, roomId, 'invited');
        for (const [what, token] of Object.entries(await badTokens(roomId))) {
          const answer = await ask(route, rule, roomId, token);
          expect({ what, ...answer }).toEqual({ what, status: 401, error: 'unauthenticated' });
        }
        await target.close();
      },
      TIMEOUT_MS,
    );
  }

  test('WS /video-calls/ws is for every token that is good', async () => {
    for (const caller of CALLER_NAMES) {
      const token = await tokenOf(caller, 'x');
      const { status } = await askForUpgrade(server.url, '/video-calls/ws', [
        ['Authorization', `Bearer ${token}`],
      ]);
      expect({ caller, status }).toEqual({ caller, status: 101 });
    }
    for (const [what, token] of Object.entries(await badTokens('x'))) {
      const headers = token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const];
      const { status } = await askForUpgrade(server.url, '/video-calls/ws', headers);
      expect({ what, status }).toEqual({ what, status: 401 });
    }
  });
});

/** Whether a caller may enter the call at all; it is `open`, or for those whom `owner` invited. */
function mayEnter(caller: CallerName, access: 'open' | 'invited'): boolean {
  if (grantOf(caller)) return true;
  if (['admin', 'owner', 'owner without roles', 'invited participant', 'invited viewer'].includes(caller))
    return true;
  return access === 'open' && ['host of other calls', 'participant', 'viewer'].includes(caller);
}

describe('messages', () => {
  test('each has a rule', () => {
    expect(Object.keys(MESSAGE_RULES).sort()).toEqual(Object.keys(handlers).sort());
  });

  test(
    'a call is entered by those who may join it',
    async () => {
      for (const access of ['open', 'invited'] as const) {
        for (const caller of CALLER_NAMES) {
          const roomId = newRoom();
          const target = await openCall(server, roomId, access);
          const client = await SignalingClient.connect(server.url, await tokenOf(caller, roomId), roomId);
          const outcome = await outcomeOf(client.request('join', { protocol: 'mediasoup' }));
          const expected = mayEnter(caller, access) ? 'ok' : 'forbidden';
          expect({ access, caller, outcome }).toEqual({ access, caller, outcome: expected });
          await Promise.all([client.close(), target.close()]);
        }
      }
    },
    TIMEOUT_MS,
  );

  for (const type of Object.keys(MESSAGE_RULES) as RequestType[]) {
    const rule = MESSAGE_RULES[type] as MessageRule<RequestType>;
    test(
      `${type} is for ${rule.may ? 'those who are permitted' : 'everyone in the call'}`,
      async () => {
        const callers = CALLER_NAMES.filter((caller) => mayEnter(caller, 'open'));
        await Promise.all(callers.map((caller) => tryMessage(caller, type, rule)));
        await tryOutside(type, rule);
      },
      TIMEOUT_MS,
    );
  }

  async function tryMessage(
    caller: CallerName,
    type: RequestType,
    rule: MessageRule<RequestType>,
  ): Promise<void> {
    const roomId = newRoom();
    const target = await openCall(server, roomId, 'open');
    const stage = await Stage.set(server, { roomId, token: await tokenOf(caller, roomId) }, target);
    const { permissions } = stage.joined;
    const isAllowed = rule.may?.(permissions) ?? true;
    const data = (await rule.data?.(stage)) ?? {};
    const envelope = rule.targetUserId === undefined ? {} : { targetUserId: rule.targetUserId };
    const outcome = await outcomeOf(stage.client.request(type, data, envelope));
    const expected = isAllowed ? (rule.answer?.(permissions) ?? 'ok') : 'forbidden';
    expect({ caller, outcome }).toEqual({ caller, outcome: expected });
    // Nobody speaks for somebody else, whoever they are.
    const forged = await outcomeOf(stage.client.request(type, data, { ...envelope, userId: 'target' }));
    if (forged !== 'closed') expect({ caller, forged }).toEqual({ caller, forged: 'forbidden' });
    await Promise.all([stage.client.close(), target.close()]);
  }

  async function tryOutside(type: RequestType, rule: MessageRule<RequestType>): Promise<void> {
    if (rule.worksOutside) return;
    const roomId = newRoom();
    const target = await openCall(server, roomId, 'open');
    const stage = await Stage.set(server, { roomId, token: await tokenOf('admin', roomId) }, target);
    const data = (await rule.data?.(stage)) ?? {};
    await stage.client.request('leave', {});
    expect(await outcomeOf(stage.client.request(type, data))).toBe('not_joined');
    await Promise.all([stage.client.close(), target.close()]);
  }
});

async function outcomeOf(request: Promise<unknown>): Promise<string> {
  const failure = await failureOf(request.then(() => Promise.reject({ code: 'ok' })));
  return (failure as { code: string }).code;
}
