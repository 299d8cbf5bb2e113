/** Every loss with and without reordering, with several layers and every codec that a browser sends: how much of it is recorded. */
import { afterAll, expect, test } from 'bun:test';
import { describeLong } from '../support/long.ts';
import { type LossyRecording, type Network, recordLossy } from './lossy-recording.ts';

const TIMEOUT_MS = 300_000;
const SECONDS = 30;

const NETWORKS: readonly Network[] = [
  ...[0, 30].flatMap((delayMs) =>
    [0, 0.02, 0.05].map((loss) => ({ loss, delayMs, seconds: SECONDS, scale: 1 })),
  ),
  { loss: 0.02, delayMs: 30, seconds: SECONDS, scale: 2 },
  { loss: 0.02, delayMs: 30, seconds: SECONDS, scale: 1, codec: 'vp9' },
  { loss: 0.02, delayMs: 30, seconds: SECONDS, scale: 1, codec: 'h264' },
];

const table: (Network & Omit<LossyRecording, 'sizes'>)[] = [];

describeLong('recordings over networks that lose packets', () => {
  afterAll(() => console.table(table));

  for (const network of NETWORKS) {
    test(
      `recorded at ${network.loss * 100} % loss and ${network.delayMs} ms of reordering, ${network.codec ?? 'vp8'}, scale ${network.scale}`,
      async () => {
        const { sizes: _sizes, ...found } = await recordLossy(network);
        table.push({ ...network, ...found });
        expect(found.recorded / found.watched).toBeGreaterThan(0.95);
        expect(found.longestMissSeconds).toBeLessThan(1);
      },
      TIMEOUT_MS,
    );
  }
});
