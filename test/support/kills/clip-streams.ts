/** A clip as the packets of a camera and a microphone, over and over, by the clock: what is not sent in time is never sent. */
import {
  createAudioStream,
  createVideoStream,
  type RtpStream,
} from '../../../bench/load/webrtc/rtp-stream.ts';
import { type Clip, FRAMERATE } from '../media/clip.ts';
import { packetize } from '../media/packetize.ts';

export interface ClipStream {
  readonly stream: RtpStream;
}

export interface ClipVideo extends ClipStream {
  /** Which frames were sent, counted from the start of the first clip. */
  readonly sent: ReadonlySet<number>;
}

const HEADER_BYTES = 12;
const MARKER = 0x80;
const OPUS_MS = 20;

/** `startedAtMs` is when the clip began, by `performance.now()`: two streams of one clip share it. */
export function clipVideo(ssrc: number, clip: Clip, startedAtMs: number): ClipVideo {
  const base = createVideoStream(ssrc);
  const packets = new Packets(ssrc, base.payloadType);
  const sent = new Set<number>();
  const next = (nowMs: number): Buffer[] => {
    const position = Math.floor(((nowMs - startedAtMs) * FRAMERATE) / 1_000);
    const frame = clip.frames[position % clip.frames.length];
    if (!frame) return [];
    sent.add(position);
    const timestamp = position * (base.clockRate / FRAMERATE);
    const payloads = packetize('vp8', frame, position);
    return payloads.map((payload, index) => packets.make(timestamp, payload, index === payloads.length - 1));
  };
  return { stream: { ...base, intervalMs: 1_000 / FRAMERATE, next }, sent };
}

export function clipAudio(ssrc: number, clip: Clip, startedAtMs: number): ClipStream {
  const base = createAudioStream(ssrc);
  const packets = new Packets(ssrc, base.payloadType);
  const next = (nowMs: number): Buffer[] => {
    const position = Math.floor((nowMs - startedAtMs) / OPUS_MS);
    const packet = clip.packets[position % clip.packets.length];
    return packet ? [packets.make(position * (base.clockRate / 1_000) * OPUS_MS, packet, false)] : [];
  };
  return { stream: { ...base, intervalMs: OPUS_MS, next } };
}

class Packets {
  readonly #ssrc: number;
  readonly #payloadType: number;
  #sequence = 1_000;

  constructor(ssrc: number, payloadType: number) {
    this.#ssrc = ssrc;
    this.#payloadType = payloadType;
  }

  /** RFC 3550, section 5.1. */
  make(timestamp: number, payload: Uint8Array, isLast: boolean): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + payload.length);
    packet[0] = 0x80;
    packet[1] = this.#payloadType | (isLast ? MARKER : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(payload, HEADER_BYTES);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }
}
