/** From the text of a session description to a checked one. Whatever a peer sends, it comes out right or is refused with the reason. */
import { parse } from 'sdp-transform';
import type { SdpDescription, SdpSection } from './description.ts';
import { readCodecs, readExtensions, toDirection } from './read-codecs.ts';
import { readPeer } from './read-peer.ts';
import { readStreams } from './read-streams.ts';
import { invalidSdp } from './refusal.ts';
import { type ParsedMedia, type ParsedSession, takeShape } from './shape.ts';

/** Bounds on what a peer can make us read. A browser needs some 6 KiB for a section that can send everything. */
export const SDP_LIMITS = { bytes: 256 * 1024, lineLength: 4_096, sections: 136 } as const;

/** RFC 8866, section 9: `token`; at most 8 bytes of it fit into what mediasoup sends and reads as a mid. */
const MID = /^[!#$%&'*+.0-9A-Z^_`a-z{|}~-]{1,8}$/;
const NO_STREAMS = { ssrcs: [], cname: undefined, ssrcGroups: [], sentRids: [] };
/** RFC 8829, section 5.1.2: any of these is to be taken as DTLS-SRTP. */
const PROTOCOL = /^((UDP|TCP)\/TLS\/)?RTP\/SAVPF?$/;

/** Throws `invalid_sdp` with the reason. `role`: whether it is an offer or an answer; of answers less is demanded. */
export function readDescription(sdp: string, role: 'offer' | 'answer'): SdpDescription {
  checkText(sdp);
  const session = takeShape(parse(sdp));
  if (typeof session === 'string') throw invalidSdp(session);
  if (session.media.length === 0) throw invalidSdp('it has no section.');
  const sections = session.media.map((media, index) => readSection(media, index, session));
  checkMids(sections);
  const open = sections.filter(({ isClosed }) => !isClosed);
  if (open.length === 0) throw invalidSdp('all of its sections are closed (port 0).');
  checkBundle(session, open);
  return {
    sessionId: String(session.origin.sessionId).slice(0, 64),
    sections,
    peer: readPeer(
      session,
      open.map(({ index }) => session.media[index]).filter((media) => media !== undefined),
      role,
    ),
    allowsMixedExtensions: session.extmapAllowMixed !== undefined,
  };
}

function checkText(sdp: string): void {
  const { bytes, lineLength, sections } = SDP_LIMITS;
  if (Buffer.byteLength(sdp) > bytes) throw invalidSdp(`it is longer than ${bytes / 1024} KiB.`);
  const lines = sdp.split(/\r\n|\r|\n/);
  if (!lines[0]?.startsWith('v=0')) throw invalidSdp('it does not begin with "v=0".');
  if (lines.some((line) => line.length > lineLength))
    throw invalidSdp(`a line of it is longer than ${lineLength} characters.`);
  const count = lines.filter((line) => line.startsWith('m=')).length;
  if (count > sections) throw invalidSdp(`it has ${count} sections, more than ${sections}.`);
}

function readSection(media: ParsedMedia, index: number, session: ParsedSession): SdpSection {
  const mid = media.mid === undefined ? undefined : String(media.mid);
  // RFC 8829, section 5.2.1: each section has one.
  if (mid === undefined) throw invalidSdp(`section ${index} has no a=mid.`);
  if (!MID.test(mid)) throw invalidSdp(`the mid of section ${index} is not a token of at most 8 characters.`);
  const isMedia = media.type === 'audio' || media.type === 'video';
  const isClosed = media.port === 0 && media.bundleOnly === undefined;
  if (isMedia && !isClosed) checkRtp(media, mid);
  const direction = toDirection(media.direction ?? session.direction) ?? 'sendrecv';
  const sends = isMedia && !isClosed && (direction === 'sendrecv' || direction === 'sendonly');
  // Elsewhere some repeat parts of what was offered to them.
  const streams = sends ? readStreams(media) : NO_STREAMS;
  return {
    index,
    mid,
    kind: media.type === 'audio' || media.type === 'video' ? media.type : 'other',
    type: media.type,
    protocol: media.protocol,
    formats: String(media.payloads ?? '0'),
    isClosed,
    direction,
    codecs: isMedia ? readCodecs(media) : [],
    extensions: isMedia ? readExtensions(media) : [],
    ...streams,
    namesTrack: streams.ssrcs.length > 0 || streams.sentRids.length > 0 || media.msid !== undefined,
    hasReducedSizeRtcp: media.rtcpRsize !== undefined,
    content: media.content?.slice(0, 32),
  };
}

function checkRtp({ protocol, rtcpMux }: ParsedMedia, mid: string): void {
  if (!PROTOCOL.test(protocol)) throw invalidSdp(`section "${mid}" does not use DTLS-SRTP.`);
  // RFC 8834, section 4.5, and RFC 9143, section 9.3: there is one port for both.
  if (rtcpMux === undefined) throw invalidSdp(`section "${mid}" has no a=rtcp-mux.`);
}

function checkMids(sections: readonly SdpSection[]): void {
  const seen = new Set<string>();
  for (const { mid } of sections) {
    // RFC 5888, section 4: unique within a description.
    if (seen.has(mid)) throw invalidSdp(`two sections have the mid "${mid}".`);
    seen.add(mid);
  }
}

/** There is one transport: sections that cannot share it cannot be there (RFC 9143, section 7). */
function checkBundle({ groups = [] }: ParsedSession, open: readonly SdpSection[]): void {
  const bundles = groups.filter(({ type }) => type === 'BUNDLE').map(({ mids }) => String(mids).split(' '));
  if (open.length === 1 && bundles.length === 0) return;
  const [bundle = []] = bundles;
  const outside = open.find(({ mid }) => !bundle.includes(mid));
  if (outside) throw invalidSdp(`section "${outside.mid}" is not in the BUNDLE group.`);
}
