/** What a client's offer means for what it publishes: section by section, compared with what was there before (RFC 8829, section 5.10). */

import { AppError } from '../../lib/index.ts';
import type { MediaKind, RtpCapabilities } from '../../protocol/index.ts';
import { acceptSection, type Reception } from './accept-section.ts';
import { isSending, type SdpDescription, type SdpSection } from './description.ts';
import { ExtensionIds } from './extension-ids.ts';
import { shareExtensions } from './header-extensions.ts';
import { invalidSdp } from './refusal.ts';
import { demandUniqueStreams } from './unique-streams.ts';

/** What is known of a connection from its earlier offers. */
export interface PublishState {
  readonly sections: readonly {
    readonly mid: string;
    readonly kind: SdpSection['kind'];
    readonly isClosed: boolean;
  }[];
  /** By mid, the number of the codec that was accepted. */
  readonly payloadTypes: ReadonlyMap<string, number>;
  readonly extensionIds: ExtensionIds;
}

export const NOTHING_PUBLISHED: PublishState = {
  sections: [],
  payloadTypes: new Map(),
  extensionIds: new ExtensionIds(),
};

export type PlannedSection =
  /** Nothing of it can be used: port 0 in the answer. */
  | { readonly section: SdpSection; readonly use: 'refused' }
  /** Known, and nothing comes on it now. */
  | { readonly section: SdpSection; readonly use: 'silent'; readonly reception: Reception }
  | {
      readonly section: SdpSection;
      readonly use: 'sending';
      readonly kind: MediaKind;
      readonly reception: Reception;
    };

export interface AnswerPlan {
  readonly sections: readonly PlannedSection[];
  /** What is remembered once the answer is sent. */
  readonly state: PublishState;
}

/** Throws `invalid_sdp`, and `unsupported_codec` when the client sends and none of it can be routed. */
export function planAnswer(
  offer: SdpDescription,
  earlier: PublishState,
  capabilities: RtpCapabilities,
): AnswerPlan {
  checkOrder(offer, earlier);
  const extensionIds = earlier.extensionIds.copy();
  const shared = shareExtensions(
    offer.sections.filter(({ isClosed }) => !isClosed),
    capabilities,
    extensionIds,
  );
  const refusals: AppError[] = [];
  const sections = offer.sections.map((section): PlannedSection => {
    const { kind, mid } = section;
    if (section.isClosed || kind === 'other') return { section, use: 'refused' };
    try {
      const extensions = shared.get(mid) ?? [];
      const isHeard = isSending(section);
      // Of one that is silent only the codec counts: how its packets are told apart will be said when there are any.
      const readable = isHeard ? section : { ...section, sentRids: [], ssrcs: [1], ssrcGroups: [] };
      const reception = acceptSection(readable, {
        kind,
        capabilities,
        extensions,
        earlier: earlier.payloadTypes.get(mid),
      });
      return isHeard ? { section, use: 'sending', kind, reception } : { section, use: 'silent', reception };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'unsupported_codec')) throw error;
      if (isSending(section)) refusals.push(error);
      return { section, use: 'refused' };
    }
  });
  const [refusal] = refusals;
  if (refusal && !sections.some(({ use }) => use === 'sending')) throw refusal;
  if (sections.every(({ use }) => use === 'refused'))
    throw invalidSdp('none of its sections carries audio or video.');
  demandUniqueStreams(
    sections.flatMap((planned) => (planned.use === 'sending' ? [planned.reception.rtpParameters] : [])),
  );
  return { sections, state: remember(sections, extensionIds) };
}

/** RFC 8829, section 5.2.2: sections stay where they are; one that was closed may be used again under another mid. */
function checkOrder({ sections }: SdpDescription, earlier: PublishState): void {
  if (sections.length < earlier.sections.length)
    throw invalidSdp(`it has ${sections.length} sections, and had ${earlier.sections.length} before.`);
  for (const [index, before] of earlier.sections.entries()) {
    const now = sections[index];
    if (!now || before.isClosed || now.isClosed) continue;
    if (now.mid !== before.mid || now.kind !== before.kind)
      throw invalidSdp(`section ${index} was "${before.mid}" before, and is "${now.mid}" now.`);
  }
  // RFC 9143, section 7.2: the first one brings the transport along.
  if (earlier.sections.length === 0 && sections[0]?.isClosed)
    throw invalidSdp('its first section is closed (port 0).');
}

function remember(sections: readonly PlannedSection[], extensionIds: ExtensionIds): PublishState {
  return {
    sections: sections.map(({ section, use }) => ({
      mid: section.mid,
      kind: section.kind,
      isClosed: section.isClosed || use === 'refused',
    })),
    payloadTypes: new Map(
      sections.flatMap((planned) => {
        const payloadType = planned.use === 'refused' ? undefined : planned.reception.codecs[0]?.payloadType;
        return payloadType === undefined ? [] : [[planned.section.mid, payloadType] as const];
      }),
    ),
    extensionIds,
  };
}
