/** What the load's clients say that they can receive: what a small device would, and nothing that libdatachannel does not do. */
import type { RtpCapabilities } from '../../src/protocol/index.ts';

const CODECS: ReadonlySet<string> = new Set(['audio/opus', 'video/vp8']);
/** No transport-cc, no REMB: it sends no feedback on bandwidth, so nobody may wait for it. */
const FEEDBACK: ReadonlySet<string> = new Set(['nack', 'ccm']);
const EXTENSIONS: ReadonlySet<string> = new Set(['urn:ietf:params:rtp-hdrext:ssrc-audio-level']);

export function deviceCapabilities({ codecs, headerExtensions = [] }: RtpCapabilities): RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => CODECS.has(mimeType.toLowerCase()))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ type }) => FEEDBACK.has(type)),
      })),
    headerExtensions: headerExtensions.filter(({ uri }) => EXTENSIONS.has(uri)),
  };
}
