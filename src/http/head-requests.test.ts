import { afterAll, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { eventStream } from './event-stream.ts';
import { headRequests } from './head-requests.ts';

let watchers = 0;
let read = 0;

const app: { handle(request: Request): Promise<Response> } & Elysia = new Elysia({ systemRouter: false })
  .use(headRequests((request) => app.handle(request)))
  .get('/things/:id', ({ params, status }) => (params.id === '1' ? { id: 1 } : status(404, 'nothing')))
  .get('/things/:id/events', ({ request, server }) =>
    eventStream({
      request,
      server,
      start: (say) => {
        watchers += 1;
        say('first', {});
        return () => {
          watchers -= 1;
        };
      },
    }),
  )
  .get('/things/:id/film', () => {
    const body = new ReadableStream({
      pull(controller) {
        read += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    return new Response(body, { headers: { 'content-length': '1000000000' } });
  })
  .listen(0) as never;

afterAll(() => app.stop(true));

const ask = (path: string) => fetch(`http://localhost:${app.server?.port}${path}`, { method: 'HEAD' });

test('the status and the length of what GET would send are told, and nothing of it is read', async () => {
  const film = await ask('/things/1/film');
  expect([film.status, film.headers.get('content-length')]).toEqual([200, '1000000000']);
  expect(await film.text()).toBe('');
  expect(read).toBeLessThan(10);
  expect((await ask('/things/1')).headers.get('content-type')).toStartWith('application/json');
  expect((await ask('/things/2')).status).toBe(404);
  expect((await ask('/nothing')).status).toBe(404);
});

test('events end with the answer: nobody goes on watching', async () => {
  const events = await ask('/things/1/events');
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  expect(await events.text()).toBe('');
  expect(watchers).toBe(0);
});
