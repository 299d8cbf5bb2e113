import { expect, test } from 'bun:test';
import { readerSdp } from './reader-sdp.ts';

test('a track is described by its codec, and by nothing that a reader would not understand', () => {
  const opus = {
    mimeType: 'audio/opus',
    payloadType: 111,
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  };
  expect(
    readerSdp({ codecs: [opus] }, 40_000)
      .split('\r\n')
      .slice(5),
  ).toEqual([
    'm=audio 40000 RTP/AVP 111',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 useinbandfec=1;usedtx=1',
    '',
  ]);
  const vp8 = { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 };
  expect(readerSdp({ codecs: [vp8] }, 40_002)).toContain(
    'm=video 40002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n',
  );
});
