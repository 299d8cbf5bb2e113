/** The frames of an IVF file: a header of 32 bytes, then 12 bytes before each frame, of which 4 are its size. */

export function readIvf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 32; at + 12 <= file.length; ) {
    const size = view.getUint32(at, true);
    frames.push(file.subarray(at + 12, at + 12 + size));
    at += 12 + size;
  }
  return frames;
}
