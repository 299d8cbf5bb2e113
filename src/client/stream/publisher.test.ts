import { expect, test } from 'bun:test';
import { StreamPublisher } from './publisher.ts';

const DEADLINE_MS = 60_000;

test(
  'a source that comes back to a finished session ends; one whose server is not well tries on',
  async () => {
    let isWell = false;
    let refusals = 0;
    const manyRefusals = Promise.withResolvers<void>();
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch(request) {
        if (new URL(request.url).pathname === '/ready')
          return new Response(null, { status: isWell ? 200 : 503 });
        refusals += 1;
        if (refusals === 5) manyRefusals.resolve();
        return Response.json({ error: 'session_finished' }, { status: 409 });
      },
    });
    const publisher = new StreamPublisher({
      sourceUrl: `ws://127.0.0.1:${server.port}/ws/stream/01a1fd47-2503-775f-89fa-9e9145e2f13f/camera?key=k`,
      // It is recorded only once a socket is open, and none ever is.
      media: {} as MediaStream,
    });
    try {
      const ended = Promise.withResolvers<void>();
      publisher.events.on('state', (state) => {
        if (state === 'ended') ended.resolve();
      });
      await manyRefusals.promise;
      expect(publisher.state).toBe('lost');
      isWell = true;
      await ended.promise;
      expect(publisher.state).toBe('ended');
    } finally {
      publisher.close();
      await server.stop(true);
    }
  },
  DEADLINE_MS,
);
