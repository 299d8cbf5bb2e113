/** RTP packets as bytes (RFC 3550, section 5.1): read and written where audio is made or taken by this process itself. */

export interface RtpPacket {
  readonly payloadType: number;
  /** 16 bits; goes round. */
  readonly sequenceNumber: number;
  /** 32 bits, in ticks of the codec's clock; goes round. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker: boolean;
  /** A view of what was read, without padding. */
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 12;
const VERSION = 2;

/** Undefined for what is no RTP packet. */
export function readRtp(bytes: Uint8Array): RtpPacket | undefined {
  const { byteLength, byteOffset, buffer } = bytes;
  if (byteLength < HEADER_BYTES) return undefined;
  const view = new DataView(buffer, byteOffset, byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  if (first >> 6 !== VERSION) return undefined;
  let start = HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > byteLength) return undefined;
    // RFC 3550, section 5.3.1: the length counts words after the first four bytes.
    start += 4 + 4 * view.getUint16(start + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : view.getUint8(byteLength - 1);
  const end = byteLength - padding;
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}

/** Numbers are taken modulo what their fields hold. */
export function writeRtp(packet: RtpPacket): Buffer {
  const { payloadType, sequenceNumber, timestamp, ssrc, marker, payload } = packet;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
  bytes.writeUInt8(VERSION << 6, 0);
  bytes.writeUInt8((marker ? 0x80 : 0) | payloadType, 1);
  bytes.writeUInt16BE(sequenceNumber & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(ssrc >>> 0, 8);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}
