import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Kind, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

async function call(
  method: string,
  path: string,
  options: { as?: string; body?: unknown; text?: string } = {},
) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(options.as && { authorization: `Bearer ${await server.token(options.as)}` }),
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    ...(options.text !== undefined && { body: options.text }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('health', () => {
  test('/health says that the process runs, /ready that every part works', async () => {
    expect((await call('GET', '/health')).body).toEqual({ status: 'healthy', service: 'recording-service' });
    expect(await call('GET', '/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { database: 'ok', workers: 'ok', draining: 'ok' } },
    });
  });
});

describe('calls over REST', () => {
  test('one is created, found, changed, listed and ended, with the bodies that the documentation promises', async () => {
    const created = await call('POST', '/video-calls', { as: 'hanna', body: { id: 'plan', title: 'Plan' } });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: 'plan',
        title: 'Plan',
        status: 'scheduled',
        createdBy: 'hanna',
        maxParticipants: 50,
        participants: [],
      },
    });
    const changed = await call('PUT', '/video-calls/plan', { as: 'hanna', body: { invited: ['ivan'] } });
    expect(changed).toMatchObject({ status: 200, body: { invited: ['ivan'], title: 'Plan' } });
    expect((await call('GET', '/video-calls/plan', { as: 'ivan' })).body.id).toBe('plan');
    expect((await call('GET', '/video-calls', { as: 'ivan' })).body).toMatchObject({
      calls: [{ id: 'plan' }],
      pagination: { page: 1, limit: 20, total: 1, pages: 1 },
    });
    expect((await call('DELETE', '/video-calls/plan', { as: 'hanna' })).body).toMatchObject({
      status: 'ended',
    });
    expect((await call('POST', '/video-calls', { as: 'hanna', body: { id: 'plan' } })).status).toBe(201);
  });

  test('strangers are told that there is no such call, guests that they may not', async () => {
    await call('POST', '/video-calls', { as: 'hanna', body: { id: 'private', invited: ['ivan'] } });
    expect(await call('GET', '/video-calls/private', { as: 'stranger' })).toMatchObject({
      status: 404,
      body: { error: 'call_not_found' },
    });
    expect((await call('DELETE', '/video-calls/private', { as: 'stranger' })).status).toBe(404);
    expect(await call('DELETE', '/video-calls/private', { as: 'ivan' })).toMatchObject({
      status: 403,
      body: { error: 'forbidden' },
    });
  });

  test('each mistake has its status and its code', async () => {
    const create = (body: unknown) => call('POST', '/video-calls', { as: 'hanna', body });
    await create({ id: 'taken' });
    expect(await create({ id: 'taken' })).toMatchObject({ status: 409, body: { error: 'call_exists' } });
    expect(await create({ id: 'ws' })).toMatchObject({ status: 400, body: { error: 'validation_error' } });
    expect(await create({ id: 'a b' })).toMatchObject({
      status: 400,
      body: { error: 'validation_error', details: [{ path: '/id' }] },
    });
    expect((await create({ maxParticipants: 0 })).status).toBe(400);
    expect(await call('POST', '/video-calls', { as: 'hanna', text: '{"id":' })).toMatchObject({
      status: 400,
      body: { error: 'validation_error' },
    });
    expect(await call('GET', '/video-calls?limit=1000', { as: 'hanna' })).toMatchObject({ status: 400 });
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: 'not_found' } });
    const anonymous = await call('GET', '/video-calls');
    expect(anonymous).toMatchObject({ status: 401, body: { error: 'unauthenticated' } });
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('bodies that no schema foresees', () => {
  test('are refused where the database, or a sentence about them, would fail', async () => {
    const bodies = [
      { title: 'a\0b' },
      { title: '\ud800' },
      { metadata: { '\0': 1 } },
      { metadata: { deep: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) } },
      { invited: [{ toString: 1 }] },
      { scheduledAt: '-271821-04-20T00:00:00Z' },
      { scheduledAt: '0000-01-01T00:00:00Z' },
    ];
    for (const body of bodies) {
      expect(await call('POST', '/video-calls', { as: 'hanna', body })).toMatchObject({
        status: 400,
        body: { error: 'validation_error' },
      });
    }
    expect((await call('GET', '/video-calls?type=%00', { as: 'hanna' })).status).toBe(400);
    expect((await call('GET', '/video-calls?from=%2B275760-01-01T00:00:00Z', { as: 'hanna' })).status).toBe(
      400,
    );
  });
});

describe('the list of calls', () => {
  test('takes from and up to, but not at, a moment; a page beyond the end is empty; a moment must exist', async () => {
    const list = (query: string) => call('GET', `/video-calls?${query}`, { as: 'lister' });
    const { createdAt } = (await call('POST', '/video-calls', { as: 'lister', body: { id: 'listed' } })).body;
    expect((await list(`from=${createdAt}`)).body.calls).toHaveLength(1);
    expect((await list(`to=${createdAt}`)).body.calls).toHaveLength(0);
    expect((await list('status=scheduled&type=video')).body.calls).toHaveLength(1);
    expect((await list('page=7')).body).toEqual({
      calls: [],
      pagination: { page: 7, limit: 20, total: 1, pages: 1 },
    });
    for (const wrong of [
      'from=yesterday',
      'from=2026-02-30T00:00:00Z',
      'to=2026-01-01T25:00:00Z',
      'page=0',
      'status=x',
    ]) {
      expect(await list(wrong)).toMatchObject({ status: 400, body: { error: 'validation_error' } });
    }
  });
});

describe('the form of a request', () => {
  test('a field that no schema names is a mistake that is told, on every route', async () => {
    const answers = await Promise.all([
      call('POST', '/video-calls', { as: 'hanna', body: { tite: 'Plan' } }),
      call('POST', '/video-calls', { as: 'hanna', body: { settings: { muteOnJion: true } } }),
      call('POST', '/auth/dev-token', { body: { nmae: 'Alice' } }),
      call('GET', '/video-calls?stauts=ended', { as: 'hanna' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(answers.map(({ body }) => body.details[0].path)).toEqual([
      '/tite',
      '/settings/muteOnJion',
      '/nmae',
      '/stauts',
    ]);
  });

  test('a body that is too long, or no JSON, is refused in words', async () => {
    const long = { metadata: { text: 'x'.repeat(1024 * 1024) } };
    expect(await call('POST', '/video-calls', { as: 'hanna', body: long })).toMatchObject({
      status: 413,
      body: { error: 'too_large' },
    });
    const response = await fetch(`${server.url}/video-calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token('hanna')}` },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toContain('application/json');
  });
});

describe('development tokens', () => {
  function ask(headers: Record<string, string> = {}, body: unknown = { name: 'Alice' }): Promise<Response> {
    return fetch(`${server.url}/auth/dev-token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  test('are given to this machine, and work', async () => {
    const { token, userId } = (await (await ask()).json()) as { token: string; userId: string };
    const calls = await fetch(`${server.url}/video-calls`, { headers: { authorization: `Bearer ${token}` } });
    expect(calls.status).toBe(200);
    expect(userId).toStartWith('guest-');
  });

  test('are refused behind a proxy, by another name of this machine, to foreign pages, and for reserved users', async () => {
    expect((await ask({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    expect((await ask({ host: 'rebound.example' })).status).toBe(403);
    expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask({}, { userId: 'sfu' })).status).toBe(400);
  });

  test('do not exist in production', async () => {
    const production = await startTestServer({
      env: { NODE_ENV: 'production', WEBRTC_ANNOUNCED_ADDRESS: '203.0.113.7', APP_HOST: '127.0.0.1' },
    });
    const response = await fetch(`${production.url}/auth/dev-token`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    await production.close();
  }, 60_000);
});

/** The schemas of a route's body and of its answers, which come alone or by status. */
function schemasIn({ body, response }: { body?: unknown; response?: unknown }): TSchema[] {
  const answers = isSchema(response) ? [response] : Object.values(response ?? {});
  return [body, ...answers].filter(isSchema);
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && Kind in value;
}

interface Shape {
  readonly examples?: readonly unknown[];
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Shape; readonly example?: unknown }>>;
  };
  readonly responses?: Readonly<
    Record<
      string,
      { readonly content?: Readonly<Record<string, { readonly schema?: Shape; readonly example?: unknown }>> }
    >
  >;
}

describe('documentation', () => {
  async function operations(): Promise<ReadonlyMap<string, Operation>> {
    const { paths } = (await call('GET', '/openapi/json')).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    return new Map(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]): [string, Operation] => [
          `${method.toUpperCase()} ${path}`,
          operation,
        ]),
      ),
    );
  }

  test('every route is in it, with a summary and a description', async () => {
    const all = await operations();
    expect([...all.keys()]).toEqual(
      expect.arrayContaining([
        'POST /video-calls/',
        'GET /video-calls/{id}',
        'GET /health',
        'GET /ready',
        'POST /auth/dev-token',
        'GET /asyncapi',
      ]),
    );
    const wordless = [...all].filter(([, { summary, description }]) => !summary || !description);
    expect(wordless.map(([name]) => name)).toEqual([]);
  });

  test('bodies are JSON with an example, and required only where they are', async () => {
    const all = await operations();
    const bodies = [...all].flatMap(([name, { requestBody }]) =>
      requestBody ? [{ name, requestBody }] : [],
    );
    for (const { name, requestBody } of bodies) {
      // Descriptions of media are no JSON, and say so.
      const isMedia = / \/wh[ie]p\//.test(name);
      for (const [type, { schema, example }] of Object.entries(requestBody.content)) {
        expect({ name, type }).toEqual({
          name,
          type: isMedia ? expect.stringMatching(/sdp/) : 'application/json',
        });
        const examples = example === undefined ? (schema.examples ?? []) : [example];
        expect({ name, hasExample: examples.length > 0 }).toEqual({ name, hasExample: true });
      }
    }
    expect(all.get('POST /video-calls/')?.requestBody?.required).toBe(true);
    expect(all.get('POST /video-calls/{id}/invites')?.requestBody?.required).toBe(false);
  });

  test('every answer that has a body has an example', async () => {
    const lacking: string[] = [];
    for (const [name, { responses = {} }] of await operations()) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (status === '204') continue;
        for (const { schema, example } of Object.values(content)) {
          const examples = example === undefined ? (schema?.examples ?? []) : [example];
          if (examples.length === 0) lacking.push(`${name} ${status}`);
        }
      }
    }
    expect(lacking).toEqual([]);
  });

  test('the examples of bodies and answers are what their schemas take', () => {
    let checked = 0;
    for (const { method, path, schemas } of server.app.routes) {
      for (const schema of schemasIn(schemas)) {
        for (const example of schema.examples ?? []) {
          const problem = Value.Errors(schema, example).First();
          expect({ route: `${method} ${path}`, problem }).toEqual({
            route: `${method} ${path}`,
            problem: undefined,
          });
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(15);
  });

  test('the contract of the socket is there for everyone, with the address of the socket', async () => {
    const { status, body } = await call('GET', '/asyncapi');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      asyncapi: '3.0.0',
      servers: { kaa: { host: new URL(server.url).host, protocol: 'ws' } },
      channels: { signaling: { address: '/video-calls/ws' } },
    });
  });
});
