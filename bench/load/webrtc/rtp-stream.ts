/** Packets that an SFU cannot tell from a real microphone or camera (RFC 3550, RFC 7741), at a steady rate; nothing in them can be decoded. */
import type { MediaKind, RtpParameters } from '../../../src/protocol/index.ts';

const VERSION_2 = 0x80;
const HAS_EXTENSION = 0x10;
const MARKER = 0x80;
const HEADER_BYTES = 12;

const OPUS = { payloadType: 111, clockRate: 48_000, intervalMs: 20, payloadBytes: 80 };
/** 25 frames a second of two packets each: 50 packets, about 440 kbit/s. */
const VP8 = { payloadType: 96, clockRate: 90_000, intervalMs: 40, payloadBytes: 1_085, packetsInFrame: 2 };

/** One-byte header extensions (RFC 8285): the audio level (RFC 6464), of which active speakers are made. */
const AUDIO_LEVEL_ID = 1;
const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const IS_VOICE = 0x80;
/** In -dBov: somebody who speaks, a little louder or softer from packet to packet. */
const LOUDEST = 20;
const LEVELS = 16;

/** X, then S: the start of partition 0 (RFC 7741, 4.2). */
const VP8_START = 0x90;
const VP8_CONTINUED = 0x80;
const VP8_HAS_PICTURE_ID = 0x80;
const PICTURE_IDS = 0x8000;
/** The frame tag's first bit is 0 in a keyframe, which then goes on with this start code and its size (RFC 6386, 9.1). */
const KEYFRAME = [0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01];
const INTERFRAME = [0x31, 0x00, 0x00];

export interface RtpStream {
  readonly kind: MediaKind;
  readonly ssrc: number;
  readonly intervalMs: number;
  readonly clockRate: number;
  readonly payloadType: number;
  /** For `produce`. */
  readonly rtpParameters: RtpParameters;
  /** What is due now, `nowMs` being of one steady clock. */
  next(nowMs: number): Buffer[];
  /** The next frame will be a keyframe; nothing to audio. */
  requestKeyframe(): void;
}

export function createAudioStream(ssrc: number): RtpStream {
  const packets = new Packets(ssrc, OPUS);
  return {
    kind: 'audio',
    ssrc,
    ...OPUS,
    rtpParameters: {
      mid: '0',
      codecs: [{ mimeType: 'audio/opus', payloadType: OPUS.payloadType, clockRate: 48_000, channels: 2 }],
      headerExtensions: [{ uri: AUDIO_LEVEL_URI, id: AUDIO_LEVEL_ID }],
      encodings: [{ ssrc }],
      rtcp: { cname: `load-${ssrc}` },
    },
    next: (nowMs) => {
      const level = IS_VOICE | (LOUDEST + (packets.sent % LEVELS));
      const extension = [0xbe, 0xde, 0, 1, AUDIO_LEVEL_ID << 4, level, 0, 0];
      return [packets.make({ nowMs, hasMarker: false, extension, start: [] })];
    },
    requestKeyframe: () => {},
  };
}

export function createVideoStream(ssrc: number): RtpStream {
  const packets = new Packets(ssrc, VP8);
  let pictureId = ssrc % PICTURE_IDS;
  let isKeyframeDue = true;
  return {
    kind: 'video',
    ssrc,
    ...VP8,
    rtpParameters: {
      mid: '1',
      codecs: [
        {
          mimeType: 'video/VP8',
          payloadType: VP8.payloadType,
          clockRate: VP8.clockRate,
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        },
      ],
      encodings: [{ ssrc }],
      rtcp: { cname: `load-${ssrc}` },
    },
    next: (nowMs) => {
      const frame = isKeyframeDue ? KEYFRAME : INTERFRAME;
      isKeyframeDue = false;
      pictureId = (pictureId + 1) % PICTURE_IDS;
      return Array.from({ length: VP8.packetsInFrame }, (_, index) => {
        const descriptor = [
          index === 0 ? VP8_START : VP8_CONTINUED,
          VP8_HAS_PICTURE_ID,
          VP8_HAS_PICTURE_ID | (pictureId >> 8),
          pictureId & 0xff,
        ];
        const start = index === 0 ? [...descriptor, ...frame] : descriptor;
        return packets.make({ nowMs, hasMarker: index === VP8.packetsInFrame - 1, extension: [], start });
      });
    },
    requestKeyframe: () => {
      isKeyframeDue = true;
    },
  };
}

interface Format {
  readonly payloadType: number;
  readonly clockRate: number;
  readonly payloadBytes: number;
}

interface PacketParts {
  readonly nowMs: number;
  readonly hasMarker: boolean;
  readonly extension: readonly number[];
  /** What the payload begins with; the rest is noughts. */
  readonly start: readonly number[];
}

class Packets {
  readonly #ssrc: number;
  readonly #format: Format;
  #sequence: number;
  #sent = 0;

  constructor(ssrc: number, format: Format) {
    this.#ssrc = ssrc;
    this.#format = format;
    this.#sequence = ssrc & 0xff;
  }

  get sent(): number {
    return this.#sent;
  }

  make({ nowMs, hasMarker, extension, start }: PacketParts): Buffer {
    const { payloadType, clockRate, payloadBytes } = this.#format;
    const packet = Buffer.alloc(HEADER_BYTES + extension.length + payloadBytes);
    packet[0] = VERSION_2 | (extension.length > 0 ? HAS_EXTENSION : 0);
    packet[1] = (hasMarker ? MARKER : 0) | payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(Math.floor((nowMs * clockRate) / 1_000) % 2 ** 32, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(extension, HEADER_BYTES);
    packet.set(start, HEADER_BYTES + extension.length);
    this.#sequence = (this.#sequence + 1) % 2 ** 16;
    this.#sent += 1;
    return packet;
  }
}

/** Whether a compound RTCP packet asks for a keyframe: PLI (RFC 4585) or FIR (RFC 5104). */
export function asksForKeyframe(rtcp: Buffer): boolean {
  for (let offset = 0; offset + 4 <= rtcp.length; offset += (rtcp.readUInt16BE(offset + 2) + 1) * 4) {
    const format = rtcp.readUInt8(offset) & 0x1f;
    if (rtcp.readUInt8(offset + 1) === 206 && (format === 1 || format === 4)) return true;
  }
  return false;
}
