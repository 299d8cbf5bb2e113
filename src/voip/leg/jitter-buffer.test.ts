import { expect, test } from 'bun:test';
import { FRAME_SAMPLES } from './frame.ts';
import { JitterBuffer } from './jitter-buffer.ts';

const make = () =>
  new JitterBuffer<number>({ conceal: (last, missing) => (missing === 1 ? last : undefined) });
const at = (frame: number) => frame * FRAME_SAMPLES;

/** Pops so often. */
function play(buffer: JitterBuffer<number>, moments: number): (number | undefined)[] {
  return Array.from({ length: moments }, () => buffer.pop());
}

test('frames come out 60 ms later, in their order, whatever order they came in', () => {
  const buffer = make();
  for (const frame of [1, 0, 3, 2]) buffer.push(at(frame), frame);
  expect(play(buffer, 7)).toEqual([undefined, undefined, undefined, 0, 1, 2, 3]);
  expect(buffer.quality).toEqual({ received: 4, lost: 0, late: 0, concealed: 0, skipped: 0 });
});

test('one that is 40 ms late is in time, and one that is 80 ms late is dropped and counted', () => {
  const inTime = make();
  inTime.push(at(0), 0);
  play(inTime, 2);
  inTime.push(at(1), 1);
  expect(play(inTime, 3)).toEqual([undefined, 0, 1]);
  expect(inTime.quality.late).toBe(0);
  const tooLate = make();
  for (const frame of [0, 2, 3]) tooLate.push(at(frame), frame);
  expect(play(tooLate, 6)).toEqual([undefined, undefined, undefined, 0, 0, 2]);
  tooLate.push(at(1), 1);
  expect(tooLate.quality).toEqual({ received: 4, lost: 1, late: 1, concealed: 1, skipped: 0 });
});

test('a pause of the sender is no loss, and what comes after it is delayed again', () => {
  const buffer = make();
  buffer.push(at(0), 0);
  expect(play(buffer, 30).filter((frame) => frame !== undefined)).toEqual([0, 0]);
  expect(buffer.quality).toMatchObject({ lost: 0, late: 0 });
  buffer.push(at(500), 500);
  expect(play(buffer, 4)).toEqual([undefined, undefined, undefined, 500]);
});

test('a sender whose clock is 1 % faster does not pile up: frames are left out, few and counted', () => {
  const buffer = make();
  let sent = 0;
  for (let moment = 0; moment < 5_000; moment += 1) {
    while (sent < moment * 1.01) {
      buffer.push(at(sent), sent);
      sent += 1;
    }
    buffer.pop();
  }
  expect(buffer.size).toBeLessThan(8);
  expect(buffer.quality.skipped).toBeGreaterThan(40);
  expect(buffer.quality.skipped).toBeLessThan(60);
  expect(buffer.quality.lost).toBe(0);
});

test('a sender whose clock is 1 % slower is waited for: nothing is lost or late', () => {
  const buffer = make();
  let sent = 0;
  for (let moment = 0; moment < 5_000; moment += 1) {
    while (sent < moment * 0.99) {
      buffer.push(at(sent), sent);
      sent += 1;
    }
    buffer.pop();
  }
  expect(buffer.quality).toMatchObject({ lost: 0, late: 0, skipped: 0 });
  expect(buffer.quality.concealed).toBeGreaterThan(30);
  expect(buffer.quality.concealed).toBeLessThan(70);
});

test('a sender that begins anew, elsewhere on its clock, is played', () => {
  const buffer = make();
  buffer.push(at(100_000), 1);
  play(buffer, 4);
  buffer.push(at(3), 2);
  expect(play(buffer, 4)).toEqual([undefined, undefined, undefined, 2]);
});

test('a sender that jumps by a part of a frame is heard again at once, and nothing piles up', () => {
  for (const jump of [1, 80, 159, 8 * FRAME_SAMPLES + 37, -80]) {
    const buffer = make();
    const heard: (number | undefined)[] = [];
    for (let frame = 0; frame < 200; frame += 1) {
      buffer.push(at(frame) + (frame >= 50 ? jump : 0), frame);
      heard.push(buffer.pop());
    }
    expect([jump, heard.slice(-3)]).toEqual([jump, [...heard.slice(-3)].toSorted()]);
    expect(heard.at(-1)).toBeGreaterThan(180);
    expect(buffer.quality.lost).toBeLessThan(12);
    expect(buffer.size).toBeLessThan(20);
  }
});

test('a flood of frames that overlap is not kept', () => {
  const buffer = make();
  for (let position = 0; position < 30_000; position += 1) buffer.push(position, position);
  expect(buffer.size).toBeLessThanOrEqual(250);
  play(buffer, 300);
  expect(buffer.size).toBe(0);
});
