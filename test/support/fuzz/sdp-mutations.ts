/** Ways to spoil a session description, each the same for the same chance: its lines, its numbers, its words, its sections. */

/** What is longer closes the socket, whatever it says. */
const MAX_LENGTH = 150_000;

type Chance = () => number;
type Mutation = (lines: string[], pick: Picker) => string[];

class Picker {
  readonly #next: Chance;

  constructor(next: Chance) {
    this.#next = next;
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const NUMBERS = [
  '0',
  '-1',
  '1',
  '14',
  '15',
  '127',
  '128',
  '255',
  '256',
  '65535',
  '65536',
  '4294967295',
  '4294967296',
  '1e9',
  '01',
  '99999999999999999999',
  'NaN',
  '',
];
const WORDS = [
  '',
  '*',
  '~',
  'constructor',
  'toString',
  '0',
  'x'.repeat(300),
  'é',
  '👩‍👧',
  'a b',
  ';;;',
  '=',
  'audio',
  'video',
  'sha-256',
  'BUNDLE',
];
const LINES = [
  'a=sendrecv',
  'a=sendonly',
  'a=recvonly',
  'a=inactive',
  'a=mid:0',
  'a=mid:1',
  'a=mid:',
  'a=mid:valueOf',
  'a=bundle-only',
  'a=rtcp-mux',
  'a=setup:active',
  'a=setup:passive',
  'a=setup:actpass',
  'a=setup:holdconn',
  'a=group:BUNDLE',
  'a=group:BUNDLE 0 0 1 1',
  'a=ice-lite',
  'a=simulcast:send q;h;f',
  'a=simulcast:send ;;,,~',
  'a=simulcast:recv q send h',
  'a=rid:q send',
  'a=rid:q send max-width=1;max-width=2',
  'a=rid:h send pt=96',
  'a=ssrc:1111 cname:x',
  'a=ssrc:0 cname:x',
  'a=ssrc:4294967295 cname:x',
  'a=ssrc-group:FID 2222 2222',
  'a=ssrc-group:SIM 1 2 3',
  'a=ssrc-group:SIM',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'a=extmap:15 urn:x',
  'a=extmap:0 urn:x',
  'a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:97 rtx/90000',
  'a=rtpmap:96 H264/90000',
  'a=rtpmap:0 PCMU/8000/99',
  'a=rtpmap:98 VP9/0',
  'a=fmtp:97 apt=97',
  'a=fmtp:96 apt=97',
  'a=fmtp:111 __proto__=1;constructor=2;toString=3',
  'a=fmtp:96 profile-level-id=zz;packetization-mode=1',
  'a=fmtp:98 profile-id=2',
  'a=rtcp-fb:* nack',
  'a=rtcp-fb:96 ccm fir',
  'a=rtcp-fb:96 transport-cc',
  'a=content:slides',
  'a=content:',
  'a=msid:- -',
  'a=fingerprint:sha-1 AB',
  'a=fingerprint:md5 00',
  'a=ice-ufrag:x',
  'a=ice-ufrag:newufrag',
  'a=ice-pwd:short',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'm=video 0 UDP/TLS/RTP/SAVPF 96',
  'm=text 9 X 0',
  'm=',
  'v=1',
  'o=-',
  'b=AS:-1',
  `a=x:${'y'.repeat(5_000)}`,
];

const MUTATIONS: readonly Mutation[] = [
  (lines, pick) => lines.toSpliced(pick.below(lines.length), 1),
  (lines, pick) => lines.toSpliced(pick.below(lines.length), 1 + pick.below(12)),
  (lines, pick) => lines.toSpliced(pick.below(lines.length + 1), 0, pick.of(lines)),
  (lines, pick) => lines.toSpliced(pick.below(lines.length + 1), 0, pick.of(LINES)),
  (lines, pick) => lines.with(pick.below(lines.length), pick.of(LINES)),
  (lines, pick) => {
    const [from, to] = [pick.below(lines.length), pick.below(lines.length)];
    return lines.with(from, lines[to] ?? '').with(to, lines[from] ?? '');
  },
  (lines, pick) => change(lines, pick, /\d+/g, NUMBERS),
  (lines, pick) => change(lines, pick, /[A-Za-z][\w-]*/g, WORDS),
  (lines, pick) => change(lines, pick, /[ :;=/]/g, ['', ' ', ':', ';', '=', '/', '\t']),
  // A port of a section.
  (lines, pick) =>
    changeWhere(lines, pick, 'm=', (line) =>
      line.replace(/ \d+ /, ` ${pick.of(['0', '9', '70000', '-1'])} `),
    ),
  // One section twice, or many times.
  (lines, pick) => [
    ...lines,
    ...Array.from({ length: pick.of([1, 1, 2, 200]) }, () => sectionOf(lines, pick)).flat(),
  ],
  (lines, pick) => {
    const section = sectionOf(lines, pick);
    return lines.filter((line) => !section.includes(line));
  },
  (lines, pick) => lines.slice(0, 1 + pick.below(lines.length)),
  (lines, pick) => changeWhere(lines, pick, 'a=fingerprint', (line) => line.slice(0, -1 - pick.below(20))),
  (lines, pick) =>
    changeWhere(lines, pick, 'a=mid', () => `a=mid:${pick.of(['0', '1', '2', 'toolongamid', '%', 'é'])}`),
  (lines, pick) => lines.map((line) => line.replace(/^a=ice-ufrag:.*/, `a=ice-ufrag:r${pick.below(1e6)}x`)),
  (lines, pick) =>
    lines.map((line) =>
      line.replace(/^a=(sendrecv|sendonly)$/, `a=${pick.of(['inactive', 'recvonly', 'sendonly'])}`),
    ),
];

/** A spoilt copy; in one of twenty nothing is spoilt. */
export function spoilSdp(sdp: string, next: Chance): string {
  const pick = new Picker(next);
  let lines = sdp.split('\r\n').filter((line) => line.length > 0);
  const count = pick.of([0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12]);
  for (let index = 0; index < count && lines.length > 0; index += 1) lines = pick.of(MUTATIONS)(lines, pick);
  const text = lines.join(pick.of(['\r\n', '\r\n', '\r\n', '\n'])) + pick.of(['\r\n', '\r\n', '']);
  return text.slice(0, MAX_LENGTH);
}

function change(lines: string[], pick: Picker, what: RegExp, by: readonly string[]): string[] {
  const at = pick.below(lines.length);
  const line = lines[at] ?? '';
  const found = [...line.matchAll(what)];
  const match = found[pick.below(found.length)];
  if (!match) return lines;
  return lines.with(at, line.slice(0, match.index) + pick.of(by) + line.slice(match.index + match[0].length));
}

function changeWhere(lines: string[], pick: Picker, start: string, by: (line: string) => string): string[] {
  const places = lines.flatMap((line, index) => (line.startsWith(start) ? [index] : []));
  if (places.length === 0) return lines;
  const at = pick.of(places);
  return lines.with(at, by(lines[at] ?? ''));
}

function sectionOf(lines: readonly string[], pick: Picker): string[] {
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length === 0) return [];
  const which = pick.below(starts.length);
  return lines.slice(starts[which], starts[which + 1]);
}
