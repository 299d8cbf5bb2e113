/** The routes of streaming sessions, and their socket: sessions of the guest, and of the caller. */
import { newId } from '../../../src/lib/index.ts';
import { createSession, type TestSession } from '../../support/streams/session.ts';
import { askForWholeUpgrade } from '../../support/upgrade.ts';
import { CALLER_ID } from './callers.ts';
import { type RouteRow, readRefusal, row } from './route-row.ts';
import type { Rule } from './rule.ts';
import { forEveryone, forNoKey, forServices, forUngranted } from './rules.ts';
import { GUEST_ID } from './world.ts';

export const streamRows: readonly RouteRow[] = [
  row('GET /stream', { rule: forEveryone }),
  row('GET /stream/:sessionId', { rule: forEveryone, path: () => `/stream/${newId()}` }),
  row('POST /sessions', { rule: forUngranted, body: { client_id: CALLER_ID } }),
  row('POST /sessions', { when: 'for somebody else', rule: forServices, body: { client_id: GUEST_ID } }),
  row('DELETE /sessions/:id', {
    when: "somebody else's",
    rule: forServices,
    path: async ({ server }) => `/sessions/${(await createSession(server, GUEST_ID)).id}`,
  }),
  row('DELETE /sessions/:id', {
    when: 'their own',
    rule: forUngranted,
    path: async ({ server }) => `/sessions/${(await createSession(server, CALLER_ID)).id}`,
  }),
  row('GET /sessions/:id/operators', {
    when: "somebody else's",
    rule: forServices,
    path: async ({ server }) => `/sessions/${(await createSession(server, GUEST_ID)).id}/operators`,
  }),
  row('GET /sessions/:id/operators', {
    when: 'their own',
    rule: forUngranted,
    path: async ({ server }) => `/sessions/${(await createSession(server, CALLER_ID)).id}/operators`,
  }),
  streamRow('as an operator', forUngranted, ({ operatorUrl }) => operatorUrl(CALLER_ID)),
  streamRow('as an operator who is somebody else', forServices, ({ operatorUrl }) => operatorUrl('olga')),
  streamRow('as its source, with the key', forEveryone, ({ sourceUrl }) => sourceUrl),
  streamRow('as its source, with a token and no key', forNoKey, ({ operatorUrl }) => operatorUrl(GUEST_ID)),
];

/** The socket of a session of the guest. */
function streamRow(when: string, rule: Rule, urlOf: (session: TestSession) => string): RouteRow {
  return {
    route: 'WS /ws/stream/:session_id/:user_id',
    when,
    rule,
    send: async ({ server, token }) => {
      const { pathname, search } = new URL(urlOf(await createSession(server, GUEST_ID)));
      const headers: [string, string][] = token === undefined ? [] : [['Authorization', `Bearer ${token}`]];
      const { status, body } = await askForWholeUpgrade(server.url, `${pathname}${search}`, headers);
      return status === 101 ? 'allow' : readRefusal(status, JSON.parse(body));
    },
  };
}
