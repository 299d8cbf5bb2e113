/** What a leg sends into its room: the µ-law of the telephone network as it is, or Opus for people in browsers. */
import type { RtpParameters } from 'mediasoup/types';

export type LegCodec = 'pcmu' | 'opus';

/** RFC 3551 gives PCMU its number; that of Opus is the router's. */
export const LEG_CODECS = {
  pcmu: { mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 },
  opus: {
    mimeType: 'audio/opus',
    payloadType: 111,
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1 },
  },
} as const;

export function legParameters(codec: LegCodec, ssrc: number): RtpParameters {
  return { codecs: [{ ...LEG_CODECS[codec] }], encodings: [{ ssrc }], rtcp: { cname: `leg-${ssrc}` } };
}
