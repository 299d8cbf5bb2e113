/** The answer to a client that publishes: everything that it may send, and our whole end of the transport (RFC 8829, section 5.3). */
import type { SdpCodec, SdpDescription, Setup } from './description.ts';
import type { AnswerPlan, PlannedSection } from './plan-answer.ts';
import {
  type ClosedSection,
  type Origin,
  type OwnTransport,
  type WrittenSection,
  writeSession,
} from './write-section.ts';

export interface AnswerParts {
  readonly offer: SdpDescription;
  readonly plan: AnswerPlan;
  readonly transport: OwnTransport;
  readonly origin: Origin;
}

export function writeAnswer({ offer, plan, transport, origin }: AnswerParts): string {
  return writeSession({
    origin,
    transport,
    setup: answerSetup(offer.peer.setup),
    sections: plan.sections.map(writeAnswered),
    allowsMixedExtensions: offer.allowsMixedExtensions,
  });
}

/**
 * Who may choose is the one that begins: it is the one that can reach the other (RFC 8842, section 5.3, leaves it to the answerer;
 * RFC 9725, section 4.4.1, has a server wait).
 */
export function answerSetup(offered: Setup): Setup {
  return offered === 'passive' ? 'active' : 'passive';
}

function writeAnswered(planned: PlannedSection): WrittenSection | ClosedSection {
  const { mid, type: kind, protocol, formats } = planned.section;
  if (planned.use === 'refused') return { mid, kind, protocol, formats, isClosed: true };
  const { reception } = planned;
  const names = planned.use === 'sending' ? planned.section.sentRids.map(({ rid }) => rid) : [];
  return {
    mid,
    kind,
    protocol,
    direction: planned.use === 'sending' ? 'recvonly' : 'inactive',
    codecs: reception.codecs.map(answered),
    extensions: reception.extensions.map((extension) => ({
      ...extension,
      // RFC 8285, section 6: what is sent there is received here.
      direction: extension.direction === 'sendonly' ? 'recvonly' : 'sendrecv',
    })),
    // RFC 8853, section 5.3: the same streams, in the same order, the other way round.
    ...(names.length > 0 && { rids: names.map((id) => ({ id, direction: 'recv' as const })) }),
    ...(names.length > 1 && { simulcast: { dir1: 'recv' as const, list1: names.join(';') } }),
  };
}

/** What we want to receive: of Opus the redundancy that repairs losses, silence that is not sent, and stereo where it is sent (RFC 7587, section 7). */
function answered(codec: SdpCodec): SdpCodec {
  if (codec.mimeType.toLowerCase() !== 'audio/opus') return codec;
  const { minptime, stereo, 'sprop-stereo': sent } = codec.parameters;
  return {
    ...codec,
    parameters: {
      ...(minptime !== undefined && { minptime }),
      useinbandfec: 1,
      usedtx: 1,
      ...((stereo === 1 || sent === 1) && { stereo: 1 }),
    },
  };
}
