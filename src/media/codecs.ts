/** What a router forwards: codecs with Chrome's usual payload types, and which header extensions are offered. */
import type {
  RouterRtpCodecCapability,
  RtpCapabilities,
  RtpHeaderExtensionUri,
  RtpParameters,
} from 'mediasoup/types';
import type {
  RtpCapabilities as WireRtpCapabilities,
  RtpParameters as WireRtpParameters,
} from '../protocol/index.ts';

/**
 * AV1 is left out while the FFmpeg of Debian has no RTP reader for it; VP9 stays with one spatial layer for the
 * same reason: every call may be recorded.
 */
export const ROUTER_CODECS: RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    preferredPayloadType: 111,
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'audio', mimeType: 'audio/PCMU', preferredPayloadType: 0, clockRate: 8_000 },
  { kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 96, clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/VP9',
    preferredPayloadType: 98,
    clockRate: 90_000,
    parameters: { 'profile-id': 0 },
  },
  h264(106, '42e01f'),
  h264(112, '4d0032'),
];

function h264(preferredPayloadType: number, profileLevelId: string): RouterRtpCodecCapability {
  return {
    kind: 'video',
    mimeType: 'video/H264',
    preferredPayloadType,
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      'level-asymmetry-allowed': 1,
      'profile-level-id': profileLevelId,
    },
  };
}

/**
 * Every header extension that a client may use. Left out on purpose: `urn:3gpp:video-orientation`, which recorders
 * ignore (the picture of a turned phone lies on its side), and `abs-capture-time`, which mediasoup-client 3.18 lists
 * without having negotiated it (the worker then waits for it, and simulcast layers never switch).
 */
const OFFERED_HEADER_EXTENSIONS: ReadonlySet<string> = new Set<RtpHeaderExtensionUri>([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
]);

function isOffered<T extends { uri: string }>(extension: T): extension is T & { uri: RtpHeaderExtensionUri } {
  return OFFERED_HEADER_EXTENSIONS.has(extension.uri);
}

/** What clients are told that a router takes: its capabilities, less the header extensions that nobody should send. */
export function toOfferedCapabilities(router: RtpCapabilities): WireRtpCapabilities {
  const { codecs = [], headerExtensions = [] } = router;
  return { codecs, headerExtensions: headerExtensions.filter(isOffered) } as WireRtpCapabilities;
}

/** What a device says that it receives, less the header extensions that were never offered to it. */
export function toRouterCapabilities(device: WireRtpCapabilities): RtpCapabilities {
  return { ...device, headerExtensions: (device.headerExtensions ?? []).filter(isOffered) };
}

/** What a sender says that it sends, less the header extensions that were never offered to it. */
export function toRouterParameters(sender: WireRtpParameters): RtpParameters {
  return withoutLoneLayers({
    ...sender,
    headerExtensions: (sender.headerExtensions ?? []).filter(isOffered),
  });
}

/**
 * VP8 in one encoding with temporal layers: mediasoup 3.27 takes it for SVC, and then drops the keyframe that a consumer begins
 * with, since the first layer of it is above the layer that it is in (none). The picture would come with the keyframe after that.
 * Told of no layers, it forwards all of them.
 */
function withoutLoneLayers(sender: RtpParameters): RtpParameters {
  const { codecs, encodings = [] } = sender;
  const [encoding] = encodings;
  const isVp8 = codecs[0]?.mimeType.toLowerCase() === 'video/vp8';
  if (!isVp8 || !encoding || encodings.length > 1) return sender;
  const { scalabilityMode: _, ...single } = encoding;
  return { ...sender, encodings: [single] };
}
