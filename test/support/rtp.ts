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

const VIDEO_CODECS = {
  vp8: { mimeType: 'video/VP8', payloadType: 96 },
  vp9: { mimeType: 'video/VP9', payloadType: 98, parameters: { 'profile-id': 0 } },
  'h264-baseline': { mimeType: 'video/H264', payloadType: 106, parameters: h264('42e01f') },
  'h264-main': { mimeType: 'video/H264', payloadType: 112, parameters: h264('4d0032') },
};

export type VideoFormat = keyof typeof VIDEO_CODECS;

function h264(profileLevelId: string) {
  return { 'packetization-mode': 1, 'level-asymmetry-allowed': 1, 'profile-level-id': profileLevelId };
}

export function videoParameters(format: VideoFormat): RtpParameters {
  const base = vp8Parameters();
  const { rtcpFeedback = [] } = base.codecs[0] ?? {};
  return { ...base, codecs: [{ ...VIDEO_CODECS[format], clockRate: 90_000, rtcpFeedback }] };
}

/** As a phone sends it. */
export function pcmuParameters(): RtpParameters {
  return {
    ...opusParameters(),
    codecs: [{ mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 }],
  };
}

/** Simulcast layers of VP8 by their ssrcs, low to high, as a sender without header extensions sends them. */
export function layeredParameters(count: number): RtpParameters {
  const encodings = Array.from({ length: count }, () => vp8Parameters().encodings[0] ?? {});
  return { ...vp8Parameters(), encodings };
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
