/** The offer to one who phones from a browser: a single section of audio, both ways, in the codec of the telephone network. */
import type { RtpCapabilities } from '../../protocol/index.ts';
import { routerCodecs } from './choose-codec.ts';
import { type Origin, type OwnTransport, writeSession } from './write-section.ts';

/** Of its only section. */
export const LINE_MID = '0';

export interface LineOfferParts {
  /** What may go over it. */
  readonly capabilities: RtpCapabilities;
  readonly transport: OwnTransport;
  readonly origin: Origin;
}

/** No ssrc is in it: what goes out may become another track, and its packets are told by their number. */
export function writeLineOffer({ capabilities, transport, origin }: LineOfferParts): string {
  const { headerExtensions = [] } = capabilities;
  return writeSession({
    origin,
    transport,
    // RFC 8842, section 5.2.
    setup: 'actpass',
    sections: [
      {
        mid: LINE_MID,
        kind: 'audio',
        protocol: 'UDP/TLS/RTP/SAVPF',
        direction: 'sendrecv',
        codecs: routerCodecs('audio', capabilities),
        extensions: headerExtensions.map(({ preferredId, uri }) => ({
          id: preferredId,
          uri,
          direction: 'sendrecv' as const,
        })),
        msid: { id: 'phone', appdata: 'phone' },
      },
    ],
    allowsMixedExtensions: true,
  });
}
