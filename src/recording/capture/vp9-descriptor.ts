/**
 * The payload descriptor of VP9 (RFC 9628, section 4.2) as ffmpeg can read it: browsers send the flexible mode, whose references
 * ffmpeg takes for a part of the picture. What only those need who choose between layers is taken out.
 */

const PICTURE_ID = 0x80;
const PREDICTED = 0x40;
const LAYERS = 0x20;
const FLEXIBLE = 0x10;
const STRUCTURE = 0x02;
const MAX_REFERENCES = 3;

/** Gives the whole RTP packet without layers, references and scalability structure; as it came when it is cut off. */
export function simplifyVp9(packet: Buffer): Buffer {
  const start = payloadStart(packet);
  const flags = packet[start];
  if (flags === undefined) return packet;
  let at = start + 1;
  if (flags & PICTURE_ID) at += (packet[at] ?? 0) & 0x80 ? 2 : 1;
  const keptUntil = at;
  // In flexible mode there is no TL0PICIDX.
  if (flags & LAYERS) at += flags & FLEXIBLE ? 1 : 2;
  if (flags & FLEXIBLE && flags & PREDICTED) at = skipReferences(packet, at);
  if (flags & STRUCTURE) at = skipStructure(packet, at);
  if (at > packet.length) return packet;
  const simple = Buffer.concat([packet.subarray(0, keptUntil), packet.subarray(at)]);
  simple[start] = flags & ~(LAYERS | FLEXIBLE | STRUCTURE);
  return simple;
}

/** RFC 3550, section 5.1: after the fixed header, the contributors and the extension. */
function payloadStart(packet: Buffer): number {
  const first = packet[0] ?? 0;
  const fixed = 12 + (first & 0x0f) * 4;
  const hasExtension = (first & 0x10) !== 0 && fixed + 4 <= packet.length;
  return hasExtension ? fixed + 4 + packet.readUInt16BE(fixed + 2) * 4 : fixed;
}

/** Each reference is a byte, whose last bit tells whether another one follows. */
function skipReferences(packet: Buffer, from: number): number {
  let at = from;
  for (let count = 0; count < MAX_REFERENCES; count += 1) {
    const reference = packet[at] ?? 0;
    at += 1;
    if ((reference & 1) === 0) break;
  }
  return at;
}

/** N_S, Y and G; the size of each layer; for each picture of the group, its references. */
function skipStructure(packet: Buffer, from: number): number {
  const flags = packet[from] ?? 0;
  let at = from + 1;
  if (flags & 0x10) at += ((flags >> 5) + 1) * 4;
  if (flags & 0x08) {
    const pictures = packet[at] ?? 0;
    at += 1;
    for (let count = 0; count < pictures; count += 1) at += 1 + (((packet[at] ?? 0) >> 2) & 3);
  }
  return at;
}
