/** What a client's answer says of the sections that the server has offered (RFC 3264, section 6; RFC 8829, section 5.11). */
import type { RtpCapabilities } from '../../protocol/index.ts';
import { acceptSection, type Reception } from './accept-section.ts';
import { isReceiving, isSending, type SdpDescription, type SdpSection } from './description.ts';
import { ExtensionIds } from './extension-ids.ts';
import { shareExtensions } from './header-extensions.ts';
import type { OfferedSection } from './offered-sections.ts';
import { invalidSdp } from './refusal.ts';
import { demandUniqueStreams } from './unique-streams.ts';

export type AnsweredSection =
  /** Refused, stopped, or closed before. */
  | { readonly mid: string; readonly use: 'closed' }
  /** Whether the client takes the track that was offered on it. */
  | { readonly mid: string; readonly use: 'down'; readonly isWanted: boolean }
  /** Nothing comes from the client on it. */
  | { readonly mid: string; readonly use: 'up'; readonly reception: undefined }
  | {
      readonly mid: string;
      readonly use: 'up';
      readonly reception: Reception;
      readonly content: string | undefined;
    };

export interface AnswerContext {
  /** As they were offered. */
  readonly offered: readonly OfferedSection[];
  readonly capabilities: RtpCapabilities;
}

/** Throws `invalid_sdp` when it is no answer to that offer, and `unsupported_codec` when it sends what the room cannot route. */
export function readAnswer(
  answer: SdpDescription,
  { offered, capabilities }: AnswerContext,
): AnsweredSection[] {
  if (answer.sections.length !== offered.length)
    throw invalidSdp(
      `the offer had ${offered.length} sections, and the answer has ${answer.sections.length}.`,
    );
  const pairs = answer.sections.map((section, index) => {
    const expected = offered[index];
    if (!expected || expected.mid !== section.mid || expected.kind !== section.kind)
      throw invalidSdp(`section ${index} of the answer is another one than in the offer.`);
    return { section, expected };
  });
  const extensions = shareExtensions(
    pairs.filter(({ expected }) => expected.use === 'up').map(({ section }) => section),
    capabilities,
    // The ids are ours: who uses another one was not asked.
    ownIds(capabilities),
  );
  const sections = pairs.map(({ section, expected }): AnsweredSection => {
    const { mid } = section;
    if (expected.use === 'closed' || section.isClosed) return { mid, use: 'closed' };
    if (expected.use === 'down')
      return { mid, use: 'down', isWanted: isReceiving(section) && section.codecs.length > 0 };
    // Some say `sendonly` to every `recvonly`, and have nothing to send.
    if (!isSending(section) || !section.namesTrack) return { mid, use: 'up', reception: undefined };
    checkNumbers(section, capabilities);
    const options = { kind: expected.kind, capabilities, extensions: extensions.get(mid) ?? [] };
    return { mid, use: 'up', reception: acceptSection(section, options), content: section.content };
  });
  demandUniqueStreams(
    sections.flatMap((section) =>
      section.use === 'up' && section.reception ? [section.reception.rtpParameters] : [],
    ),
  );
  return sections;
}

function ownIds({ headerExtensions = [] }: RtpCapabilities): ExtensionIds {
  return new ExtensionIds(headerExtensions.map(({ preferredId, uri }) => [preferredId, uri] as const));
}

/** RFC 3264, section 6.1: an answer takes the numbers of the offer. */
function checkNumbers({ mid, codecs }: SdpSection, capabilities: RtpCapabilities): void {
  for (const { payloadType, mimeType } of codecs) {
    const ours = capabilities.codecs.find(({ preferredPayloadType }) => preferredPayloadType === payloadType);
    if (ours?.mimeType.toLowerCase() !== mimeType.toLowerCase())
      throw invalidSdp(
        `section "${mid}" answers payload type ${payloadType}, which was not offered as ${mimeType}.`,
      );
  }
}
