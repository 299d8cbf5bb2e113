/** The Opus packets of an Ogg file (RFC 3533, RFC 7845), without the two headers. */

export function readOggOpus(file: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  for (let at = 0; at + 27 <= file.length; ) {
    const segmentCount = file[at + 26]!;
    const lacing = file.subarray(at + 27, at + 27 + segmentCount);
    at += 27 + segmentCount;
    for (const size of lacing) {
      parts.push(file.subarray(at, at + size));
      at += size;
      // A segment of 255 bytes is continued by the next one.
      if (size === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
  }
  return packets.slice(2);
}
