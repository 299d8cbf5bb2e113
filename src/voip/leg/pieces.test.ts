import { expect, test } from 'bun:test';
import { FRAME_SAMPLES } from './frame.ts';
import { bytesReframer } from './reframer.ts';
import { digitFrames } from './tones.ts';
import { UnwrappedClock } from './unwrapped-clock.ts';

test('pieces of any length become frames, byte by byte, each with its position', () => {
  const bytes = Uint8Array.from({ length: 5 * FRAME_SAMPLES }, (_, index) => index % 251);
  const frames: [number, Uint8Array][] = [];
  const reframer = bytesReframer((position, frame) => frames.push([position, frame]));
  let start = 0;
  for (const length of [80, 80, 240, 160, 40, 200]) {
    reframer.push(1_000 + start, bytes.slice(start, start + length));
    start += length;
  }
  expect(frames.map(([position]) => position)).toEqual([0, 1, 2, 3, 4].map((n) => 1_000 + n * FRAME_SAMPLES));
  expect(Buffer.concat(frames.map(([, frame]) => frame))).toEqual(Buffer.from(bytes));
});

test('a piece after a hole begins a frame of its own', () => {
  const positions: number[] = [];
  const reframer = bytesReframer((position) => positions.push(position));
  reframer.push(0, new Uint8Array(100));
  reframer.push(500, new Uint8Array(FRAME_SAMPLES));
  expect(positions).toEqual([500]);
});

test('timestamps grow over their end, and an earlier one stays earlier', () => {
  const clock = new UnwrappedClock(32);
  expect(clock.read(4_294_967_290)).toBe(4_294_967_290);
  expect(clock.read(10)).toBe(4_294_967_306);
  expect(clock.read(4_294_967_295)).toBe(4_294_967_295);
  expect(clock.read(20)).toBe(4_294_967_316);
});

test('a digit is 100 ms of its two tones and a pause; what is on no keypad is refused', () => {
  expect(digitFrames('1#').map((frame) => frame !== undefined)).toEqual(
    ['1', '#'].flatMap(() => [true, true, true, true, true, false, false, false, false]),
  );
  expect(() => digitFrames('x')).toThrow(RangeError);
});
