/** The server's offer: the tracks that a client receives, and the sections on which it may send (RFC 8829, section 5.2). */
import type { MediaKind, RtpCapabilities, RtpParameters } from '../../protocol/index.ts';
import { routerCodecs } from './choose-codec.ts';
import type { SdpCodec, SdpExtension } from './description.ts';
import { REPAIRED_RID_URI, RID_URI } from './header-extensions.ts';
import type { OfferedSection } from './offered-sections.ts';
import {
  type ClosedSection,
  type Origin,
  type OwnTransport,
  type WrittenSection,
  writeSession,
} from './write-section.ts';

/** What goes out on a section. */
export interface OfferedTrack {
  readonly userId: string;
  readonly trackId: string;
  readonly rtpParameters: RtpParameters;
}

export interface OfferParts {
  readonly sections: readonly OfferedSection[];
  /** By mid. A section without one is there, and carries nothing. */
  readonly tracks: ReadonlyMap<string, OfferedTrack>;
  readonly capabilities: RtpCapabilities;
  readonly transport: OwnTransport;
  readonly origin: Origin;
  /** Whether the client is asked for simulcast on the video sections on which it may send. */
  readonly wantsSimulcast: boolean;
}

const PROTOCOL = 'UDP/TLS/RTP/SAVPF';
/** The layers that are asked for, from the lowest to the highest. */
const OFFERED_RIDS: readonly string[] = ['q', 'h', 'f'];

export function writeOffer(parts: OfferParts): string {
  return writeSession({
    origin: parts.origin,
    transport: parts.transport,
    // RFC 8842, section 5.2.
    setup: 'actpass',
    sections: parts.sections.map((section) => writeOffered(section, parts)),
    allowsMixedExtensions: true,
  });
}

function writeOffered(section: OfferedSection, parts: OfferParts): WrittenSection | ClosedSection {
  const { mid, kind } = section;
  if (section.use === 'closed') return { mid, kind, protocol: PROTOCOL, formats: '0', isClosed: true };
  if (section.use === 'up') return writeUp(section, parts);
  const track = parts.tracks.get(mid);
  if (track) return writeDown(section, track);
  return {
    mid,
    kind,
    protocol: PROTOCOL,
    direction: 'inactive',
    codecs: routerCodecs(kind, parts.capabilities),
    extensions: extensionsOf(kind, parts.capabilities).filter(
      ({ uri }) => uri !== RID_URI && uri !== REPAIRED_RID_URI,
    ),
  };
}

function writeUp(
  { mid, kind }: OfferedSection,
  { capabilities, wantsSimulcast }: OfferParts,
): WrittenSection {
  const hasLayers = kind === 'video' && wantsSimulcast;
  return {
    mid,
    kind,
    protocol: PROTOCOL,
    direction: 'recvonly',
    codecs: routerCodecs(kind, capabilities),
    extensions: extensionsOf(kind, capabilities),
    ...(hasLayers && {
      rids: OFFERED_RIDS.map((id) => ({ id, direction: 'recv' as const })),
      simulcast: { dir1: 'recv' as const, list1: OFFERED_RIDS.join(';') },
    }),
  };
}

function writeDown(
  { mid, kind }: OfferedSection,
  { userId, trackId, rtpParameters }: OfferedTrack,
): WrittenSection {
  const cname = rtpParameters.rtcp?.cname ?? userId;
  const [encoding] = rtpParameters.encodings;
  const streams = [encoding?.ssrc, encoding?.rtx?.ssrc].filter((ssrc) => ssrc !== undefined);
  return {
    mid,
    kind,
    protocol: PROTOCOL,
    direction: 'sendonly',
    codecs: rtpParameters.codecs.map(
      ({ parameters = {}, rtcpFeedback = [], channels, ...codec }): SdpCodec => ({
        ...codec,
        ...(channels !== undefined && { channels }),
        parameters,
        rtcpFeedback: rtcpFeedback.map(({ type, parameter }) => ({ type, ...(parameter && { parameter }) })),
      }),
    ),
    extensions: (rtpParameters.headerExtensions ?? []).map(({ id, uri }) => ({
      id,
      uri,
      direction: 'sendrecv',
    })),
    // RFC 8830, section 2: what belongs together, and what it is.
    msid: { id: userId, appdata: trackId },
    ssrcs: streams.map((id) => ({ id, cname })),
    ...(streams.length > 1 && { ssrcGroups: [{ semantics: 'FID', ssrcs: streams }] }),
  };
}

function extensionsOf(kind: MediaKind, { headerExtensions = [] }: RtpCapabilities): SdpExtension[] {
  return headerExtensions
    .filter((extension) => extension.kind === kind)
    .map(({ preferredId, uri }) => ({ id: preferredId, uri, direction: 'sendrecv' }));
}
