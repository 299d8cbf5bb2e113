/** An encoded frame as the payloads of the RTP packets that carry it, as a browser would cut it. */

export type VideoCodec = 'vp8' | 'vp9' | 'h264';

const MAX_PAYLOAD = 1_100;

export function packetize(codec: VideoCodec, frame: Uint8Array, index: number): Uint8Array[] {
  if (codec === 'vp8') return packetizeVp8(frame, index);
  if (codec === 'vp9') return packetizeVp9(frame, index);
  return splitNals(frame).flatMap(packetizeNal);
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / MAX_PAYLOAD);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * MAX_PAYLOAD, (at + 1) * MAX_PAYLOAD));
}

/** RFC 7741, section 4.2: X and S (before the first part), then I, then the number of the picture in 15 bits. */
function packetizeVp8(frame: Uint8Array, index: number): Uint8Array[] {
  return cut(frame).map((part, at) =>
    Buffer.concat([Uint8Array.of(at === 0 ? 0x90 : 0x80, 0x80, ...pictureId(index)), part]),
  );
}

/**
 * RFC 9628, section 4.2, as Chrome does it: I, P (predicted from another picture), L (layers), F (flexible mode, in which the
 * picture before is named), B (begin of a frame) and E (its end).
 */
function packetizeVp9(frame: Uint8Array, index: number): Uint8Array[] {
  // The uncompressed header of VP9: two bits of marker, two of profile, then show_existing_frame and frame_type.
  const isKeyFrame = (frame[0]! & 0x04) === 0;
  const parts = cut(frame);
  return parts.map((part, at) => {
    const begin = at === 0 ? 0x08 : 0;
    const end = at === parts.length - 1 ? 0x04 : 0;
    return Buffer.concat([
      Uint8Array.of(0xb0 | (isKeyFrame ? 0 : 0x40) | begin | end, ...pictureId(index), 0),
      isKeyFrame ? Uint8Array.of() : Uint8Array.of(1 << 1),
      part,
    ]);
  });
}

function pictureId(index: number): [number, number] {
  return [0x80 | ((index >> 8) & 0x7f), index & 0xff];
}

/** RFC 6184, section 5.8: what is too large goes as FU-A, with S before the first part and E before the last. */
function packetizeNal(nal: Uint8Array): Uint8Array[] {
  if (nal.length <= MAX_PAYLOAD) return [nal];
  const header = nal[0]!;
  const parts = cut(nal.subarray(1));
  return parts.map((part, at) => {
    const flags = (at === 0 ? 0x80 : 0) | (at === parts.length - 1 ? 0x40 : 0);
    return Buffer.concat([Uint8Array.of((header & 0xe0) | 28, flags | (header & 0x1f)), part]);
  });
}

const ACCESS_UNIT_DELIMITER = 9;

/** An H264 stream (Annex B) as its frames; each is told from the next by a delimiter. */
export function splitAccessUnits(stream: Uint8Array): Uint8Array[] {
  const starts = startCodes(stream).filter(
    ({ payload }) => (stream[payload]! & 0x1f) === ACCESS_UNIT_DELIMITER,
  );
  return starts.map(({ at }, index) => stream.subarray(at, starts[index + 1]?.at));
}

/** The units of one frame, without delimiters. */
function splitNals(frame: Uint8Array): Uint8Array[] {
  const starts = startCodes(frame);
  return starts
    .map(({ payload }, index) => frame.subarray(payload, starts[index + 1]?.at))
    .filter(([header]) => (header! & 0x1f) !== ACCESS_UNIT_DELIMITER);
}

/** Where each start code is, of three or four bytes, and what follows it. */
function startCodes(bytes: Uint8Array): { at: number; payload: number }[] {
  const found: { at: number; payload: number }[] = [];
  for (let at = 0; at + 3 < bytes.length; at += 1) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    found.push({ at: at > 0 && bytes[at - 1] === 0 ? at - 1 : at, payload: at + 3 });
    at += 2;
  }
  return found;
}
