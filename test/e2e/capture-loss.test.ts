/** A network that loses packets and lets them overtake each other costs a recording no more than it costs a viewer. */
import { expect, test } from 'bun:test';
import { recordLossy } from './lossy-recording.ts';

const TIMEOUT_MS = 180_000;

test(
  'at 2 % loss and 30 ms of reordering nearly every frame that a viewer decoded is in the file',
  async () => {
    const found = await recordLossy({ loss: 0.02, delayMs: 30, seconds: 10, scale: 1 });
    expect(found.lost).toBeGreaterThan(5);
    expect(found.recorded / found.watched).toBeGreaterThan(0.95);
    expect(found.longestMissSeconds).toBeLessThan(1);
    expect(found.segments).toBe(1);
  },
  TIMEOUT_MS,
);
