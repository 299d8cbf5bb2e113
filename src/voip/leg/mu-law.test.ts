import { expect, test } from 'bun:test';
import { decodeMuLaw, encodeMuLaw } from './mu-law.ts';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test('every byte but the negative zero comes back as itself', () => {
  const back = encodeMuLaw(decodeMuLaw(ALL_BYTES));
  expect([...back].filter((byte, index) => byte !== index)).toEqual([0xff]);
  expect(back[0x7f]).toBe(0xff);
});

test('has the reference values of G.711', () => {
  expect([...decodeMuLaw(new Uint8Array([0x00, 0x80, 0xff, 0x7f, 0xe0, 0x60]))]).toEqual([
    -32_124, 32_124, 0, 0, 372, -372,
  ]);
});

test('a sample comes back within the step of its size, and the loudest are clipped', () => {
  const samples = Int16Array.from([0, 5, -5, 100, -100, 1_000, -1_000, 8_000, 32_767, -32_768]);
  const back = decodeMuLaw(encodeMuLaw(samples));
  samples.forEach((sample, index) => {
    const step = Math.max(8, Math.abs(sample) / 16);
    expect(Math.abs((back[index] ?? 0) - sample)).toBeLessThanOrEqual(step);
  });
});
