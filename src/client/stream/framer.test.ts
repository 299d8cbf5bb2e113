import { expect, test } from 'bun:test';
import { firstPartIn, StreamFramer } from './framer.ts';

const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const webm = {
  header: [0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 0x1f, 0x43, 4],
  parts: [
    [...CLUSTER, 5, 6, 0x1f, 7, 8],
    [...CLUSTER, 9],
    [...CLUSTER, 10, 11, 12, 13, 14, 15],
  ],
};
const moof = (...rest: number[]) => [0, 0, 0, 16, 0x6d, 0x6f, 0x6f, 0x66, ...rest];
const mp4 = {
  header: [0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70, 0, 0, 0, 9, 0x6d, 0x6f, 0x6f, 0x76, 1],
  parts: [moof(1, 2, 3, 4), moof(0, 0x6d, 0x6f, 9, 9, 9), moof(7, 7, 7, 7, 7, 7, 7, 7)],
};

test.each([
  ['WebM', webm],
  ['MP4', mp4],
])(
  '%s begins with its whole header, and each part begins a message, wherever the browser cuts',
  (_name, { header, parts }) => {
    const whole = new Uint8Array([...header, ...parts.flat()]);
    for (let size = 1; size <= whole.length; size += 1) {
      const framer = new StreamFramer();
      const messages: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size)
        messages.push(...framer.push(whole.slice(at, at + size)));
      const sent = messages.flatMap((message) => [...message]);
      // In order and complete, but for the few bytes that still wait.
      expect([...whole].slice(0, sent.length)).toEqual(sent);
      expect(whole.length - sent.length).toBeLessThanOrEqual(14);
      expect([...(messages[0] ?? [])]).toEqual(header);
      expect(messages.filter((message) => firstPartIn(message) === 0)).toHaveLength(parts.length);
    }
  },
);

test('nothing is sent while the header is not whole', () => {
  const framer = new StreamFramer();
  expect(framer.push(new Uint8Array(0))).toEqual([]);
  expect(framer.push(new Uint8Array(webm.header))).toEqual([]);
  expect(framer.push(new Uint8Array(CLUSTER.slice(0, 3)))).toEqual([]);
  expect(framer.push(new Uint8Array([0x75])).map((message) => [...message])).toEqual([webm.header]);
});
