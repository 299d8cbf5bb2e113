/** Which profile of H.264 a `profile-level-id` names: a sender may use another level than ours, never another profile. */

/** RFC 6184, section 8.1, table 5: the profile is told by the first byte and some bits of the second. */
const PATTERNS: readonly (readonly [profile: string, first: number, mask: number, bits: number])[] = [
  ['constrained-baseline', 0x42, 0x4f, 0x40],
  ['constrained-baseline', 0x4d, 0x8f, 0x80],
  ['constrained-baseline', 0x58, 0xcf, 0xc0],
  ['baseline', 0x42, 0x4f, 0x00],
  ['baseline', 0x58, 0xcf, 0x80],
  ['main', 0x4d, 0xaf, 0x00],
  ['high', 0x64, 0xff, 0x00],
  ['constrained-high', 0x64, 0xff, 0x0c],
  ['predictive-high-444', 0xf4, 0xff, 0x00],
];
/** What counts where nothing is said: Baseline, as RFC 6184 has it, is sent by nobody; everybody means the constrained one. */
const DEFAULT = '42e01f';

/** Undefined for what is none. */
export function h264ProfileOf(profileLevelId: unknown): string | undefined {
  const text = String(profileLevelId ?? DEFAULT);
  if (!/^[0-9A-Fa-f]{6}$/.test(text)) return undefined;
  const [first, second] = [Number.parseInt(text.slice(0, 2), 16), Number.parseInt(text.slice(2, 4), 16)];
  return PATTERNS.find(([, byte, mask, bits]) => first === byte && (second & mask) === bits)?.[0];
}
