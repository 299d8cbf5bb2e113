/** From a section on which a client sends to what a producer is made with, and what an answer says of it. */
import type { MediaKind, RtpCapabilities, RtpParameters } from '../../protocol/index.ts';
import { chooseCodec } from './choose-codec.ts';
import type { SdpCodec, SdpExtension, SdpSection } from './description.ts';
import { encodingsOf } from './encodings.ts';
import { ABS_SEND_TIME_URI, TRANSPORT_CC_URI } from './header-extensions.ts';

export interface Reception {
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  /** What the client may use: one codec, and its RTX where that can be told apart. */
  readonly codecs: readonly SdpCodec[];
  readonly extensions: readonly SdpExtension[];
  /** The same while the same packets come. */
  readonly signature: string;
}

export interface AcceptOptions {
  readonly kind: MediaKind;
  readonly capabilities: RtpCapabilities;
  readonly extensions: readonly SdpExtension[];
  /** The number of the codec that was used on it before. */
  readonly earlier?: number | undefined;
}

/** Throws `unsupported_codec`, and `invalid_sdp` when its packets could not be told apart. */
export function acceptSection(section: SdpSection, options: AcceptOptions): Reception {
  const { kind, capabilities, extensions, earlier } = options;
  const { media, rtx } = chooseCodec(section, capabilities, earlier);
  const { encodings, canRepair } = encodingsOf(section, extensions);
  const codecs = [
    { ...media, rtcpFeedback: withoutUselessFeedback(media, extensions) },
    ...(rtx && canRepair ? [rtx] : []),
  ];
  const rtpParameters: RtpParameters = {
    mid: section.mid,
    codecs: codecs.map(({ parameters, rtcpFeedback, ...codec }) => ({
      ...codec,
      parameters: { ...parameters },
      rtcpFeedback: [...rtcpFeedback],
    })),
    headerExtensions: extensions.map(({ uri, id }) => ({ uri, id })),
    encodings,
    rtcp: {
      ...(section.cname !== undefined && { cname: section.cname }),
      reducedSize: section.hasReducedSizeRtcp,
    },
  };
  const signature = JSON.stringify([kind, media.payloadType, media.mimeType, encodings]);
  return { kind, rtpParameters, codecs, extensions, signature };
}

/** Of two ways to estimate the bandwidth one is used, and each needs its header extension. */
export function withoutUselessFeedback(
  { rtcpFeedback }: SdpCodec,
  extensions: readonly SdpExtension[],
): SdpCodec['rtcpFeedback'] {
  const has = (uri: string) => extensions.some((extension) => extension.uri === uri);
  const useless = has(TRANSPORT_CC_URI)
    ? ['goog-remb']
    : has(ABS_SEND_TIME_URI)
      ? ['transport-cc']
      : ['transport-cc', 'goog-remb'];
  return rtcpFeedback.filter(({ type }) => !useless.includes(type));
}
