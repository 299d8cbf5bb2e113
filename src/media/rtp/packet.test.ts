import { expect, test } from 'bun:test';
import { readRtp, writeRtp } from './packet.ts';

const PACKET = {
  payloadType: 0,
  sequenceNumber: 65_535,
  timestamp: 4_294_967_295,
  ssrc: 0xdeadbeef,
  marker: true,
  payload: new Uint8Array([1, 2, 3]),
};

test('what is written is read again', () => {
  expect(readRtp(writeRtp(PACKET))).toEqual({ ...PACKET, payload: Buffer.from([1, 2, 3]) });
});

test('numbers go round', () => {
  const read = readRtp(writeRtp({ ...PACKET, sequenceNumber: 65_536, timestamp: 4_294_967_296 }));
  expect(read).toMatchObject({ sequenceNumber: 0, timestamp: 0 });
});

test('contributing sources, header extensions and padding are no payload', () => {
  const plain = writeRtp(PACKET);
  const bytes = Buffer.concat([
    plain.subarray(0, 12),
    Buffer.from([0, 0, 0, 7]),
    Buffer.from([0xbe, 0xde, 0, 1, 9, 9, 9, 9]),
    Buffer.from([1, 2, 3, 0, 0, 3]),
  ]);
  bytes[0] = 0x80 | 0x20 | 0x10 | 1;
  expect([...(readRtp(bytes)?.payload ?? [])]).toEqual([1, 2, 3]);
});

test('what is no RTP is none: too short, another version, an extension or padding beyond its end', () => {
  expect(readRtp(new Uint8Array(11))).toBeUndefined();
  const other = writeRtp(PACKET);
  other[0] = 0x40;
  expect(readRtp(other)).toBeUndefined();
  const long = writeRtp(PACKET);
  long[0] = 0x90;
  expect(readRtp(long)).toBeUndefined();
  const padded = writeRtp(PACKET);
  padded[0] = 0xa0;
  padded[padded.length - 1] = 200;
  expect(readRtp(padded)).toBeUndefined();
});
