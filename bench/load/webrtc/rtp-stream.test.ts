import { expect, test } from 'bun:test';
import { asksForKeyframe, createAudioStream, createVideoStream } from './rtp-stream.ts';

test('a frame of video ends with the marker, and only the first and a wanted one are keyframes', () => {
  const stream = createVideoStream(0x01020304);
  const isKeyframe = (packets: Buffer[]) => (packets[0]!.readUInt8(12 + 4) & 1) === 0;
  const [first, second] = [stream.next(0), stream.next(40)];
  stream.requestKeyframe();
  const third = stream.next(80);
  expect([first, second, third].map(isKeyframe)).toEqual([true, false, true]);
  expect(first.map((packet) => packet.readUInt8(1))).toEqual([96, 0x80 | 96]);
  const all = [...first, ...second, ...third];
  expect(all.map((packet) => packet.readUInt16BE(2) - all[0]!.readUInt16BE(2))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(all.map((packet) => packet.readUInt32BE(4))).toEqual([0, 0, 3_600, 3_600, 7_200, 7_200]);
  expect(all.map((packet) => packet.readUInt32BE(8))).toEqual(Array(6).fill(0x01020304));
  // S on the first packet of each frame alone, and one picture id a frame.
  expect(all.map((packet) => packet.readUInt8(12) & 0x10)).toEqual([16, 0, 16, 0, 16, 0]);
  expect(all.map((packet) => packet.readUInt16BE(14) & 0x7fff)).toEqual(
    [1, 1, 2, 2, 3, 3].map((count) => 0x0304 + count),
  );
});

test('each packet of audio carries a level of speech', () => {
  const stream = createAudioStream(7);
  const [packet] = stream.next(20);
  expect(packet!.readUInt8(0)).toBe(0x90);
  expect(packet!.readUInt8(1)).toBe(111);
  expect(packet!.readUInt32BE(4)).toBe(960);
  expect([...packet!.subarray(12, 18)]).toEqual([0xbe, 0xde, 0, 1, 0x10, 0x80 | 20]);
});

test('a PLI anywhere in a compound packet asks for a keyframe, and a report does not', () => {
  const report = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);
  const pli = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]);
  expect(asksForKeyframe(report)).toBe(false);
  expect(asksForKeyframe(Buffer.concat([report, pli]))).toBe(true);
});
