/** A server that stops while its media workers hang: it takes a while, and people go on coming. */
import { expect, test } from 'bun:test';
import { connect, join } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

test('whoever comes to a server that stops is told at once to come again, and opens no call', async () => {
  const server = await startTestServer({ env: { WEBRTC_WORKER_TIMEOUT: '2s' } });
  const { registry, media } = server.app.calls;
  const early = await join(server, 'ann', 'early');
  // Who opens a call now waits for a worker, and the server for them.
  process.kill(media.workerPids[0]!, 'SIGSTOP');
  const waiting = await connect(server, 'bob', 'opening');
  waiting.send({ type: 'join', roomId: 'opening', data: { protocol: 'mediasoup' } });
  await Bun.sleep(50);
  const stopped = server.close();
  expect((await early.client.closed).code).toBe(1012);

  const late = await connect(server, 'carol', 'late');
  expect(await late.closed).toEqual({ code: 1012, reason: 'the server restarts' });
  await stopped;
  expect(registry.size).toBe(0);
}, 60_000);
