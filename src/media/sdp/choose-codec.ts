/** Which codec of a section is used: one, so that nobody has to guess which of several is coming. */
import type { MediaKind, RtpCapabilities } from '../../protocol/index.ts';
import type { SdpCodec, SdpSection } from './description.ts';
import { h264ProfileOf } from './h264-profile.ts';
import { unsupportedCodec } from './refusal.ts';

type RouterCodec = RtpCapabilities['codecs'][number];

/** What makes a codec what it is, whatever its number. */
export interface CodecFormat {
  readonly mimeType: string;
  readonly clockRate: number;
  readonly channels?: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ChosenCodec {
  /** With the sender's number and parameters, and the feedback that both sides know. */
  readonly media: SdpCodec;
  /** How it sends packets again (RFC 4588), where it offers that. */
  readonly rtx: SdpCodec | undefined;
}

/**
 * The first codec of the section that the room can route (RFC 3264, section 6.1: the order is the sender's preference); the one with
 * the number `earlier`, while it is still there: numbers keep their meaning. Throws `unsupported_codec`.
 */
export function chooseCodec(
  { kind, mid, codecs }: SdpSection,
  capabilities: RtpCapabilities,
  earlier?: number,
): ChosenCodec {
  const usable = codecs.flatMap((codec) => {
    const router = capabilities.codecs.find((candidate) => isSame(codec, candidate));
    return router ? [{ codec, router }] : [];
  });
  const chosen = usable.find(({ codec }) => codec.payloadType === earlier) ?? usable[0];
  if (!chosen) throw unsupportedCodec(`Section "${mid}" has no ${kind} codec that the room can route.`);
  const { codec, router } = chosen;
  const rtx = codecs.find(
    ({ mimeType, parameters }) => isRtx(mimeType) && parameters.apt === codec.payloadType,
  );
  return {
    media: { ...codec, mimeType: router.mimeType, rtcpFeedback: sharedFeedback(codec, router) },
    rtx: rtx && { ...rtx, mimeType: `${kind}/rtx`, rtcpFeedback: [] },
  };
}

/** Every codec of a kind that the room can route, each followed by its RTX, with the room's numbers. */
export function routerCodecs(kind: MediaKind, { codecs }: RtpCapabilities): SdpCodec[] {
  return codecs
    .filter((codec) => codec.kind === kind)
    .map(({ preferredPayloadType, mimeType, clockRate, channels, parameters = {}, rtcpFeedback = [] }) => ({
      payloadType: preferredPayloadType,
      mimeType,
      clockRate,
      ...(channels !== undefined && { channels }),
      parameters,
      rtcpFeedback,
    }));
}

/** Whether a codec, whatever its number, is one that the router has (RFC 6184, section 8.2.2, for the profiles of H264). */
export function isSame(codec: CodecFormat, router: RouterCodec): boolean {
  if (isRtx(router.mimeType) || codec.mimeType.toLowerCase() !== router.mimeType.toLowerCase()) return false;
  if (codec.clockRate !== router.clockRate || (codec.channels ?? 1) !== (router.channels ?? 1)) return false;
  const theirs = codec.parameters;
  const ours = router.parameters ?? {};
  switch (router.mimeType.toLowerCase()) {
    case 'video/h264': {
      const profile = h264ProfileOf(theirs['profile-level-id']);
      const isSameMode = (theirs['packetization-mode'] ?? 0) === (ours['packetization-mode'] ?? 0);
      return isSameMode && profile !== undefined && profile === h264ProfileOf(ours['profile-level-id']);
    }
    case 'video/vp9':
      return (theirs['profile-id'] ?? 0) === (ours['profile-id'] ?? 0);
    default:
      return true;
  }
}

function isRtx(mimeType: string): boolean {
  return mimeType.toLowerCase().endsWith('/rtx');
}

/** RFC 4585, section 4.2: an answer names of the feedback what it also wants. */
export function sharedFeedback(
  codec: SdpCodec,
  { rtcpFeedback = [] }: RouterCodec,
): SdpCodec['rtcpFeedback'] {
  const known = new Set(rtcpFeedback.map(({ type, parameter = '' }) => `${type} ${parameter}`));
  return codec.rtcpFeedback.filter(({ type, parameter = '' }) => known.has(`${type} ${parameter}`));
}
