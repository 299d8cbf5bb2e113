import { expect, test } from 'bun:test';
import { mediaTypeOf } from './media-type.ts';

const bytes = (...parts: (number[] | string)[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)),
  );

test('a recording of a browser says itself what it is', () => {
  const webm = [0x1a, 0x45, 0xdf, 0xa3];
  expect(mediaTypeOf(bytes(webm, 'webm', [0x86], 'V_VP8', [0], 'A_OPUS'))).toBe(
    'video/webm; codecs="vp8, opus"',
  );
  expect(mediaTypeOf(bytes(webm, 'A_OPUS'))).toBe('video/webm; codecs="opus"');
  expect(mediaTypeOf(bytes(webm))).toBe('video/webm');
  expect(mediaTypeOf(bytes([0, 0, 0, 24], 'ftypiso5', 'avc1', 'mp4a'))).toBe(
    'video/mp4; codecs="avc1.42E01F, mp4a.40.2"',
  );
});

test('what goes on is no beginning', () => {
  expect(mediaTypeOf(bytes([]))).toBeUndefined();
  expect(mediaTypeOf(bytes('ftyp'))).toBeUndefined();
  expect(mediaTypeOf(bytes([0x1f, 0x43, 0xb6, 0x75], 'V_VP8'))).toBeUndefined();
});
