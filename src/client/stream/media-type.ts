/** Tells from the first bytes of a recording, as `MediaRecorder` makes it, what a player has to be told. */

const EBML = [0x1a, 0x45, 0xdf, 0xa3];
const FTYP = [0x66, 0x74, 0x79, 0x70];
/** The codec ids of WebM, and the names that browsers have for them. */
const WEBM_CODECS: readonly (readonly [id: string, name: string])[] = [
  ['V_VP8', 'vp8'],
  ['V_VP9', 'vp9'],
  ['V_AV1', 'av01.0.04M.08'],
  ['A_OPUS', 'opus'],
  ['A_VORBIS', 'vorbis'],
];
/** The sample entries of MP4. */
const MP4_CODECS: readonly (readonly [id: string, name: string])[] = [
  ['avc1', 'avc1.42E01F'],
  ['avc3', 'avc3.42E01F'],
  ['mp4a', 'mp4a.40.2'],
  ['Opus', 'opus'],
];
/** The tracks are described before the first picture. */
const LOOKED_AT_BYTES = 4_096;

/** The type of a stream that begins with these bytes; undefined when no stream begins with them. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const isWebm = startsWith(bytes, EBML, 0);
  if (!isWebm && !startsWith(bytes, FTYP, 4)) return undefined;
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT_BYTES));
  const known = isWebm ? WEBM_CODECS : MP4_CODECS;
  const names = known.filter(([id]) => text.includes(id)).map(([, name]) => name);
  const container = isWebm ? 'video/webm' : 'video/mp4';
  return names.length === 0 ? container : `${container}; codecs="${names.join(', ')}"`;
}

function startsWith(bytes: Uint8Array, wanted: readonly number[], offset: number): boolean {
  return wanted.every((byte, index) => bytes[offset + index] === byte);
}
