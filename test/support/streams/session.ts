/** Streaming sessions of a test server: made over REST, entered by their addresses. */
import type { TestServer } from '../server.ts';
import { StreamClient, type StreamClientOptions } from './stream-client.ts';

const PATIENCE_MS = 15_000;

export interface StreamPlace {
  readonly url: string;
  token: TestServer['token'];
}

export interface TestSession {
  readonly id: string;
  readonly clientId: string;
  readonly key: string;
  /** Where the source connects, the key included. */
  readonly sourceUrl: string;
  operatorUrl(userId: string): string;
  source(options?: StreamClientOptions & { readonly header?: boolean }): Promise<StreamClient>;
  operator(userId: string, options?: StreamClientOptions): Promise<StreamClient>;
  /** By its source, or by whoever has this token. */
  finish(token?: string): Promise<Response>;
  operators(token?: string): Promise<OperatorEntry[]>;
}

interface OperatorEntry {
  readonly user_id: string;
  readonly joined_at: string;
  readonly connected: boolean;
}

export async function createSession(server: StreamPlace, clientId = 'camera'): Promise<TestSession> {
  const own = await server.token(clientId, ['participant']);
  const response = await ask(server, own, 'POST', '/sessions', { client_id: clientId });
  if (response.status !== 201) throw new Error(`no session: ${response.status} ${await response.text()}`);
  const created = (await response.json()) as Record<
    'session_id' | 'stream_key' | 'ws_url' | 'status',
    string
  >;
  return sessionAt(server, { id: created.session_id, clientId, key: created.stream_key });
}

/** The same session, perhaps of another server. */
export function sessionAt(
  server: StreamPlace,
  { id, clientId, key }: Pick<TestSession, 'id' | 'clientId' | 'key'>,
): TestSession {
  const base = `${server.url.replace(/^http/, 'ws')}/ws/stream/${id}`;
  const sourceUrl = `${base}/${clientId}?key=${key}`;
  const own = () => server.token(clientId, ['participant']);
  return {
    id,
    clientId,
    key,
    sourceUrl,
    operatorUrl: (userId) => `${base}/${userId}`,
    source: ({ header, ...options } = {}) =>
      StreamClient.connect(header ? `${sourceUrl}&header=1` : sourceUrl, options),
    operator: async (userId, options = {}) =>
      await StreamClient.connect(`${base}/${userId}`, {
        token: await server.token(userId, ['participant']),
        ...options,
      }),
    finish: async (token) => await ask(server, token ?? (await own()), 'DELETE', `/sessions/${id}`),
    operators: async (token) => {
      const response = await ask(server, token ?? (await own()), 'GET', `/sessions/${id}/operators`);
      return ((await response.json()) as { operators: OperatorEntry[] }).operators;
    },
  };
}

/** Resolves when these users, and no others, are connected as operators. */
export async function untilConnected(session: TestSession, userIds: readonly string[]): Promise<void> {
  const wanted = [...userIds].sort().join();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const operators = await session.operators();
    const now = operators.flatMap(({ user_id, connected }) => (connected ? [user_id] : []));
    if (now.sort().join() === wanted) return;
    if (Date.now() > deadline) throw new Error(`connected are "${now}", and not "${wanted}"`);
    await Bun.sleep(10);
  }
}

export function ask(
  { url }: Pick<StreamPlace, 'url'>,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
