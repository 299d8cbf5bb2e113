/**
 * The descriptions for a player that is sent one stream of each kind: an answer to its offer, or an offer against it. No ssrc is in
 * them: which track goes out on a section changes without a word, and its packets are told by their section or their number.
 */
import type { MediaKind, RtpCapabilities } from '../../protocol/index.ts';
import { routerCodecs } from './choose-codec.ts';
import type { SdpDescription } from './description.ts';
import type { PlayedSection } from './plan-play.ts';
import { answerSetup } from './write-answer.ts';
import {
  type ClosedSection,
  type Origin,
  type OwnTransport,
  type WrittenSection,
  writeSession,
} from './write-section.ts';

export interface PlayAnswerParts {
  readonly offer: SdpDescription;
  readonly plan: readonly PlayedSection[];
  readonly transport: OwnTransport;
  readonly origin: Origin;
  /** The name of the stream that sound and picture belong to. */
  readonly streamId: string;
}

export interface PlayOfferParts extends Omit<PlayAnswerParts, 'offer' | 'plan'> {
  readonly sections: readonly { readonly mid: string; readonly kind: MediaKind }[];
  readonly capabilities: RtpCapabilities;
}

const PROTOCOL = 'UDP/TLS/RTP/SAVPF';

export function writePlayAnswer({ offer, plan, transport, origin, streamId }: PlayAnswerParts): string {
  return writeSession({
    origin,
    transport,
    setup: answerSetup(offer.peer.setup),
    sections: plan.map((played): WrittenSection | ClosedSection => {
      const { mid, type, protocol, formats } = played.section;
      if (played.use === 'refused') return { mid, kind: type, protocol, formats, isClosed: true };
      const { kind, codecs, extensions } = played;
      return {
        mid,
        kind,
        protocol,
        direction: 'sendonly',
        codecs,
        extensions: extensions.map((extension) => ({
          ...extension,
          // RFC 8285, section 6: what is received there is sent here.
          direction: extension.direction === 'recvonly' ? 'sendonly' : extension.direction,
        })),
        msid: { id: streamId, appdata: kind },
      };
    }),
    allowsMixedExtensions: offer.allowsMixedExtensions,
  });
}

export function writePlayOffer({
  sections,
  capabilities,
  transport,
  origin,
  streamId,
}: PlayOfferParts): string {
  const { headerExtensions = [] } = capabilities;
  return writeSession({
    origin,
    transport,
    // RFC 8842, section 5.2.
    setup: 'actpass',
    sections: sections.map(({ mid, kind }) => ({
      mid,
      kind,
      protocol: PROTOCOL,
      direction: 'sendonly' as const,
      codecs: routerCodecs(kind, capabilities),
      extensions: headerExtensions
        .filter((extension) => extension.kind === kind)
        .map(({ preferredId, uri }) => ({ id: preferredId, uri, direction: 'sendrecv' as const })),
      msid: { id: streamId, appdata: kind },
    })),
    allowsMixedExtensions: true,
  });
}
