import { expect, test } from 'bun:test';
import { isOutOfSpace, missedPackets } from './reader.ts';

test('what ffmpeg says of lost packets is counted, and nothing else that it says', () => {
  expect(missedPackets('[sdp @ 0x55ba65f63ac0] RTP: missed 12 packets')).toBe(12);
  expect(missedPackets('[sdp @ 0x55ba65f63ac0] Missed a picture, sequence broken')).toBe(1);
  expect(missedPackets('[sdp @ 0x55ba65f63ac0] max delay reached. need to consume packet')).toBe(0);
  expect(missedPackets('Could not find codec parameters for stream 0')).toBe(0);
});

test('a reader that had no space is told from one that died', () => {
  const exit = { code: 1, signal: null };
  const complaints = 'av_interleaved_write_frame(): No space left on device';
  expect(isOutOfSpace({ ...exit, complaints })).toBe(true);
  expect(isOutOfSpace({ ...exit, complaints: 'Killed' })).toBe(false);
});
