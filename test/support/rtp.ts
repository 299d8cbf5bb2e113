/** RTP parameters as a browser would send them, for tests that publish without media. */
import type { RtpParameters } from '../../src/protocol/index.ts';

let nextSsrc = 1_000;

export function opusParameters(): RtpParameters {
  nextSsrc += 1;
  return {
    mid: '0',
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4 }],
    encodings: [{ ssrc: nextSsrc }],
    rtcp: { cname: 'tests' },
  };
}

export function vp8Parameters(): RtpParameters {
  nextSsrc += 1;
  return {
    mid: '1',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      },
    ],
    encodings: [{ ssrc: nextSsrc }],
  };
}

/** Three simulcast layers by rid, low to high, as Chrome sends them. */
export function simulcastParameters(): RtpParameters {
  return {
    ...vp8Parameters(),
    headerExtensions: [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 10 },
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', id: 11 },
    ],
    encodings: ['q', 'h', 'f'].map((rid) => ({ rid, scalabilityMode: 'L1T3' })),
  };
}
