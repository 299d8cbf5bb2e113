import { expect, test } from 'bun:test';
import { CRC32C } from '@google-cloud/storage';
import { Crc32c } from './crc32c.ts';

function sumOf(...pieces: Uint8Array[]): string {
  const crc = new Crc32c();
  for (const piece of pieces) crc.update(piece);
  return crc.digest();
}

test('the check value of the catalogue', () => {
  expect(Buffer.from(sumOf(Buffer.from('123456789')), 'base64').toString('hex')).toBe('e3069283');
});

test('the same as by the SDK, whatever the length and however it is cut', () => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 31 + (index >> 3)) & 0xff);
  for (const length of [0, 1, 7, 8, 9, 63, 64, 65, 999, 1_000]) {
    const part = bytes.subarray(1, 1 + length);
    const expected = new CRC32C();
    expected.update(Buffer.from(part));
    expect(sumOf(part), String(length)).toBe(expected.toString());
    const cut = length >> 1;
    expect(sumOf(part.subarray(0, cut), part.subarray(cut))).toBe(expected.toString());
  }
});
