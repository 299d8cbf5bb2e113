/** The streams of a section as encodings, from the lowest layer to the highest. */
import type { RtpParameters } from '../../protocol/index.ts';
import type { SdpExtension, SdpSection, SentRid } from './description.ts';
import { MID_URI, REPAIRED_RID_URI, RID_URI } from './header-extensions.ts';
import { invalidSdp } from './refusal.ts';

type Encoding = RtpParameters['encodings'][number];

export interface Encodings {
  readonly encodings: Encoding[];
  /** Whether what is sent again can be told apart. */
  readonly canRepair: boolean;
}

/** Names that are given to layers, from the lowest to the highest: SDP does not say which one is which. */
const KNOWN_NAMES: readonly (readonly string[])[] = [
  ['q', 'h', 'f'],
  ['l', 'm', 'h'],
  ['lo', 'mid', 'hi'],
  ['low', 'mid', 'high'],
  ['low', 'medium', 'high'],
  // OBS: 0 is the whole picture.
  ['3', '2', '1', '0'],
];
const SIZES = ['max-fs', 'max-height', 'max-width', 'max-br'];

/** Throws `invalid_sdp` when nothing tells which packets are of this section. */
export function encodingsOf(section: SdpSection, extensions: readonly SdpExtension[]): Encodings {
  const has = (uri: string) => extensions.some((extension) => extension.uri === uri);
  if (section.sentRids.length > 0) return byRid(section, has);
  const byGroup = bySimulcastGroup(section);
  if (byGroup) return byGroup;
  const [ssrc] = section.ssrcs;
  if (ssrc !== undefined) {
    const repair = repairOf(section, ssrc);
    return {
      encodings: [{ ssrc, ...(repair !== undefined && { rtx: { ssrc: repair } }) }],
      canRepair: repair !== undefined,
    };
  }
  // RFC 9143, section 9.2: what a packet belongs to is told by its mid then.
  if (!has(MID_URI))
    throw invalidSdp(
      `section "${section.mid}" has neither an a=ssrc line nor the header extension for its mid.`,
    );
  return { encodings: [{}], canRepair: true };
}

function byRid({ mid, sentRids }: SdpSection, has: (uri: string) => boolean): Encodings {
  // RFC 8853, section 5.4: rids are found by the header extension, and are unique within a mid only.
  if (!has(MID_URI) || !has(RID_URI))
    throw invalidSdp(`section "${mid}" sends simulcast without the header extensions for mid and rid.`);
  return { encodings: lowToHigh(sentRids).map(({ rid }) => ({ rid })), canRepair: has(REPAIRED_RID_URI) };
}

/** RFC 5576's groups as they were used before rids: SIM is the layers, low to high, each FID a layer and what repairs it. */
function bySimulcastGroup(section: SdpSection): Encodings | undefined {
  const group = section.ssrcGroups.find(({ semantics }) => semantics === 'SIM');
  if (!group) return undefined;
  if (new Set(group.ssrcs).size < group.ssrcs.length) throw invalidSdp('a SIM group names an ssrc twice.');
  const repairs = group.ssrcs.map((ssrc) => repairOf(section, ssrc));
  const canRepair = repairs.every((repair) => repair !== undefined);
  const encodings = group.ssrcs.map((ssrc, index) => {
    const repair = repairs[index];
    return { ssrc, ...(canRepair && repair !== undefined && { rtx: { ssrc: repair } }) };
  });
  return { encodings, canRepair };
}

function repairOf({ ssrcGroups }: SdpSection, ssrc: number): number | undefined {
  const pair = ssrcGroups.find(({ semantics, ssrcs }) => semantics === 'FID' && ssrcs[0] === ssrc)?.ssrcs;
  return pair?.length === 2 && pair[1] !== ssrc ? pair[1] : undefined;
}

/** By what is said of their sizes, else by names that everybody uses, else as they are listed. */
function lowToHigh(rids: readonly SentRid[]): readonly SentRid[] {
  for (const size of SIZES) {
    const known = rids.map(({ restrictions }) => restrictions[size]);
    if (known.every((value) => value !== undefined) && new Set(known).size === known.length)
      return rids.toSorted((a, b) => (a.restrictions[size] ?? 0) - (b.restrictions[size] ?? 0));
  }
  const names = KNOWN_NAMES.find((list) => rids.every(({ rid }) => list.includes(rid)));
  return names ? rids.toSorted((a, b) => names.indexOf(a.rid) - names.indexOf(b.rid)) : rids;
}
