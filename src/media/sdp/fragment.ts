/** The parts of a description that travel alone when ICE goes on by itself: `application/trickle-ice-sdpfrag` (RFC 8840). */

import { invalidSdp } from './refusal.ts';
import type { OwnTransport } from './write-section.ts';

export interface IceFragment {
  /** Undefined when it names no credentials. */
  readonly iceUfrag: string | undefined;
}

const MAX_BYTES = 64 * 1024;
const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 4_096;
/** RFC 8839, section 5.4. */
const UFRAG = /^[A-Za-z0-9+/=_-]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/=_-]{22,256}$/;
/** RFC 8839, section 5.1, as far as to its type. The foundation may be longer than it should. */
const CANDIDATE = /^\S{1,64} \d{1,5} \S{1,16} \d{1,10} \S{1,255} \d{1,5} typ [a-z]{1,16}( .*)?$/i;

/**
 * Throws `invalid_sdp`. Candidates are looked at and not kept: we are ICE-lite, and answer whoever has the credentials
 * (RFC 8445, section 2.5).
 */
export function readFragment(text: string): IceFragment {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw invalidSdp(`the fragment is longer than ${MAX_BYTES / 1024} KiB.`);
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length === 0) throw invalidSdp('the fragment is empty.');
  if (lines.length > MAX_LINES) throw invalidSdp(`the fragment has more than ${MAX_LINES} lines.`);
  for (const line of lines) {
    if (line.length > MAX_LINE_LENGTH) throw invalidSdp('a line of the fragment is too long.');
    if (!/^[a-z]=./.test(line)) throw invalidSdp('a line of the fragment is none of SDP.');
  }
  const valuesOf = (name: string) =>
    lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3).trim());
  if (!valuesOf('candidate').every((candidate) => CANDIDATE.test(candidate)))
    throw invalidSdp('a candidate of the fragment cannot be read.');
  const ufrags = new Set(valuesOf('ice-ufrag'));
  const passwords = new Set(valuesOf('ice-pwd'));
  if (ufrags.size > 1 || passwords.size > 1) throw invalidSdp('the fragment has several ICE credentials.');
  const [iceUfrag] = ufrags;
  const [icePassword] = passwords;
  if (iceUfrag === undefined && icePassword === undefined) return { iceUfrag: undefined };
  if (
    iceUfrag === undefined ||
    icePassword === undefined ||
    !UFRAG.test(iceUfrag) ||
    !PASSWORD.test(icePassword)
  )
    throw invalidSdp('the ICE credentials of the fragment have another form than RFC 8839 gives them.');
  return { iceUfrag };
}

/** Our end after a restart of ICE: credentials and candidates, for the section that carries the transport (RFC 9725, section 4.3.3). */
export function writeFragment(
  { iceParameters, iceCandidates }: Omit<OwnTransport, 'dtlsParameters'>,
  mid: string,
): string {
  const lines = [
    'a=ice-lite',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    `a=mid:${mid}`,
    ...iceCandidates.map(
      ({ foundation, priority, address, protocol, port, type, tcpType }) =>
        `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${tcpType ? ` tcptype ${tcpType}` : ''}`,
    ),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}
