import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Elysia, t } from 'elysia';
import { createLogger } from '../observability/index.ts';
import { jsonBodies, limitBodies } from './bodies.ts';
import { httpErrors } from './errors.ts';

const MAX_BYTES = 1_000;

const logged: string[] = [];
const logger = createLogger({
  level: 'error',
  format: 'json',
  service: 'test',
  destination: { write: (line) => void logged.push(line) },
});

const app = new Elysia({ normalize: false, serve: { maxRequestBodySize: Number.MAX_SAFE_INTEGER } })
  .use(httpErrors(logger))
  .use(limitBodies(MAX_BYTES))
  .use(
    new Elysia()
      .use(jsonBodies())
      .post('/strict', ({ body }) => body, { body: t.Object({ title: t.String() }) })
      .post('/optional', ({ body }) => ({ body: body ?? null }), {
        body: t.Optional(t.Object({ title: t.Optional(t.String()) })),
      })
      .get('/wrong-answer', () => ({ title: 'x', secret: 'hidden' }), {
        response: t.Object({ title: t.String() }),
      })
      .delete('/', () => 'gone'),
  )
  .use(new Elysia().post('/text', ({ body }) => body, { body: t.String() }));

beforeAll(() => {
  app.listen(0);
});

afterAll(() => app.server?.stop(true));

const json = { 'content-type': 'application/json' };

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${app.server?.url}${path.slice(1)}`, { method: 'POST', ...init });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** Bytes in small pieces, of a length that nobody is told. */
function streamOf(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.slice(sent, sent + 100));
      sent += 100;
      if (sent >= bytes.length) controller.close();
    },
  });
}

describe('the length of a body', () => {
  const long = JSON.stringify({ title: 'x'.repeat(MAX_BYTES) });

  test('is refused in words when it is too much, said or not', async () => {
    const refusal = { status: 413, body: { error: 'too_large' } };
    expect(await ask('/strict', { headers: json, body: long })).toMatchObject(refusal);
    expect(await ask('/strict', { headers: json, body: streamOf(long) })).toMatchObject(refusal);
    expect(await ask('/text', { headers: { 'content-type': 'text/plain' }, body: long })).toMatchObject(
      refusal,
    );
    const huge = JSON.stringify({ title: 'x'.repeat(5_000_000) });
    expect(await ask('/strict', { headers: json, body: huge })).toMatchObject(refusal);
  });

  test('is counted in JSON that comes in pieces, and must be said of anything else', async () => {
    expect(await ask('/strict', { headers: json, body: streamOf('{"title":"ж"}') })).toEqual({
      status: 200,
      body: { title: 'ж' },
    });
    expect(
      await ask('/text', { headers: { 'content-type': 'text/plain' }, body: streamOf('hello') }),
    ).toMatchObject({ status: 400, body: { error: 'validation_error' } });
    expect(await ask('/text', { headers: { 'content-type': 'text/plain' }, body: 'hello' })).toEqual({
      status: 200,
      body: 'hello',
    });
  });
});

describe('a body', () => {
  test('of a type that is not JSON is refused in words, where JSON is taken', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
      'multipart/form-data',
    ]) {
      const answer = await ask('/strict', { headers: { 'content-type': type }, body: '{"title":"x"}' });
      expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error' } });
      expect(answer.body.message).toContain('application/json');
    }
    const typed = { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"title":"x"}' };
    expect((await ask('/strict', typed)).status).toBe(200);
  });

  test('that is no JSON, or has a field that nobody knows, is told so by name', async () => {
    expect(await ask('/strict', { headers: json, body: '{"title":' })).toMatchObject({
      status: 400,
      body: { message: 'The body is not valid JSON.' },
    });
    expect(await ask('/strict', { headers: json, body: '{"title":"x","tite":"y"}' })).toMatchObject({
      status: 400,
      body: { error: 'validation_error', details: [{ path: '/tite', problem: 'Unexpected property' }] },
    });
  });

  test('may be left out where it is optional', async () => {
    expect(await ask('/optional')).toMatchObject({ status: 200 });
    expect(await ask('/optional', { headers: json, body: '' })).toMatchObject({ status: 200 });
    expect(await ask('/optional', { headers: json, body: '{"tite":1}' })).toMatchObject({ status: 400 });
    expect((await ask('/strict', { headers: json })).status).toBe(400);
    expect((await ask('/', { method: 'DELETE', headers: { 'content-type': 'text/plain' } })).status).toBe(
      200,
    );
  });
});

test('an answer that is not what the documentation promises is our fault, and is not shown', async () => {
  const answer = await ask('/wrong-answer', { method: 'GET' });
  expect(answer).toMatchObject({ status: 500, body: { error: 'internal' } });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('/secret: Unexpected property');
  expect(logged[0] + JSON.stringify(answer.body)).not.toContain('hidden');
});
