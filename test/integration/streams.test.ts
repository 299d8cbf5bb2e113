/** Streaming sessions against the real server: what a source sends, its operators get. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestServer, type TestServer } from '../support/server.ts';
import { ask, createSession, untilConnected } from '../support/streams/session.ts';

const TIMEOUT_MS = 60_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, TIMEOUT_MS);

afterAll(() => server?.close());

describe('a session', () => {
  test('is created for the caller, with a key and an address that lets the source in', async () => {
    const response = await ask(server, await server.token('drone', ['participant']), 'POST', '/sessions', {
      client_id: 'drone',
    });
    expect(response.status).toBe(201);
    const body = (await response.json()) as Record<string, string>;
    const { session_id: id, stream_key: key } = body;
    expect(body).toEqual({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stream_key: expect.stringMatching(/^[\w-]{43}$/),
      ws_url: `${server.url.replace('http', 'ws')}/ws/stream/${id}/drone?key=${key}`,
      status: 'waiting',
    });
  });

  test('carries text and bytes to every operator, in order', async () => {
    const session = await createSession(server);
    const operators = await Promise.all(['ann', 'bob'].map((userId) => session.operator(userId)));
    const source = await session.source();
    const sent = ['hello', Buffer.from([0, 1, 2]), '{"a": 1}', 'true', '', Buffer.alloc(0), '\uFEFFπ'];
    for (const frame of sent) source.send(frame);
    for (const operator of operators) expect(await operator.received(sent.length)).toEqual(sent);
    await untilConnected(session, ['ann', 'bob']);
    expect((await session.finish()).status).toBe(204);
    expect(await source.closed).toEqual({ code: 4404, reason: 'the session was ended' });
    for (const operator of operators) expect((await operator.closed).code).toBe(4404);
  });
});
