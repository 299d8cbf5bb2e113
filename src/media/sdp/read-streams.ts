/** How the streams of one section are told apart: by ssrc, by groups of them, or by rid. */
import type { SdpSection, SentRid } from './description.ts';
import { invalidSdp } from './refusal.ts';
import type { ParsedMedia } from './shape.ts';

const MAX_STREAMS = 16;
const RID = /^[A-Za-z0-9]{1,16}$/;

type Streams = Pick<SdpSection, 'ssrcs' | 'cname' | 'ssrcGroups' | 'sentRids'>;

/** Throws `invalid_sdp` for what cannot be streams of one section. */
export function readStreams(media: ParsedMedia): Streams {
  const lines = media.ssrcs ?? [];
  const ssrcs = [...new Set(lines.map(({ id }) => id))];
  if (ssrcs.includes(0)) throw invalidSdp('0 is no ssrc.');
  if (ssrcs.length > MAX_STREAMS)
    throw invalidSdp(`a section names ${ssrcs.length} ssrcs, more than ${MAX_STREAMS}.`);
  const cname = lines.find(({ attribute }) => attribute === 'cname')?.value;
  return {
    ssrcs,
    cname: cname === undefined ? undefined : String(cname).slice(0, 255),
    ssrcGroups: readGroups(media, new Set(ssrcs)),
    sentRids: readRids(media),
  };
}

/** RFC 5576, section 4.2. */
function readGroups(media: ParsedMedia, known: ReadonlySet<number>): Streams['ssrcGroups'] {
  const groups = media.ssrcGroups ?? [];
  if (groups.length > MAX_STREAMS) throw invalidSdp(`a section has ${groups.length} ssrc groups.`);
  return groups.map(({ semantics, ssrcs }) => {
    const members = String(ssrcs).trim().split(/\s+/).map(Number);
    if (!members.every((member) => known.has(member)))
      throw invalidSdp(`the group ${String(semantics).slice(0, 32)} names an ssrc that has no a=ssrc line.`);
    return { semantics: String(semantics), ssrcs: members };
  });
}

/**
 * RFC 8853, section 5.1: streams are separated by semicolons, alternatives of one by commas, and `~` says that it begins
 * paused. Of alternatives the first counts. Only rids that have an a=rid line with `send` count (RFC 8851, section 10).
 */
function readRids(media: ParsedMedia): SentRid[] {
  const { simulcast, rids = [] } = media;
  const declared = new Map(
    rids
      .filter(({ direction }) => direction === 'send')
      .map(({ id, params }) => [String(id), String(params ?? '')]),
  );
  const list =
    simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' ? simulcast.list2 : undefined;
  // A lone a=rid without a=simulcast is one stream with a name (RFC 8851, section 4).
  const names =
    list === undefined
      ? declared.size === 1
        ? [...declared.keys()]
        : []
      : String(list)
          .split(';')
          .map((stream) => (stream.split(',')[0] ?? '').replace(/^~/, ''));
  if (names.length > MAX_STREAMS) throw invalidSdp(`a=simulcast lists ${names.length} streams.`);
  if (new Set(names).size < names.length) throw invalidSdp('a=simulcast lists a rid twice.');
  return names.map((rid) => {
    const text = declared.get(rid);
    if (!RID.test(rid)) throw invalidSdp('a rid is one to sixteen letters and digits.');
    if (text === undefined) throw invalidSdp(`a=simulcast lists rid "${rid}", which has no a=rid line.`);
    return { rid, restrictions: readRestrictions(text) };
  });
}

function readRestrictions(text: string): SentRid['restrictions'] {
  const pairs = text.split(';').flatMap((part): [string, number][] => {
    const [, name, value] = part.trim().match(/^(max-[a-z]{1,16})=(\d{1,10})$/) ?? [];
    return name === undefined ? [] : [[name, Number(value)]];
  });
  return Object.fromEntries(pairs);
}
