/** A WHIP client that vanishes, or never comes, is out of the call within 45 s (SPEC 5.3). */
import { expect, test } from 'bun:test';
import { Encoder } from '../support/ingest/encoder.ts';
import { postOffer } from '../support/ingest/http.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const LIMIT_MS = 45_000;

test(
  'a session whose client vanished, or never connected, is gone within 45 s',
  async () => {
    const server = await startTestServer();
    const [vanishing, absent] = await Promise.all([Encoder.create(), Encoder.create()]);
    try {
      const post = async (userId: string, { offer }: Encoder) =>
        postOffer(server, '/whip/vanished', await server.token(userId), offer);
      const answer = await post('vanishing', vanishing);
      await vanishing.connect(answer.body);
      await post('absent', absent);
      const call = server.app.calls.registry.get('vanished');
      expect([...(call?.participants.keys() ?? [])]).toEqual(['vanishing', 'absent']);
      const startedAt = performance.now();
      // libdatachannel ends without a word to the other side.
      vanishing.close();
      await until('both are gone', () => call?.participants.size === 0, LIMIT_MS);
      console.log(`gone after ${Math.round(performance.now() - startedAt)} ms`);
    } finally {
      vanishing.close();
      absent.close();
      await server.close();
    }
  },
  LIMIT_MS + 30_000,
);
