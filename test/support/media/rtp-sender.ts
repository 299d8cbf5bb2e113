/**
 * Sends a clip as RTP over UDP, as a browser's track would come: paced by the clock, with sender reports, and as late, lost,
 * reordered or skewed as a test wants it. Seeded, so that every run is the same.
 */
import { createSocket, type Socket } from 'node:dgram';
import { chance } from '../chance.ts';
import { packetize, type VideoCodec } from './packetize.ts';

export interface SenderOptions {
  readonly port: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
  /** Up to so many milliseconds late, by chance; packets overtake each other. */
  readonly jitterMs?: number;
  /** The part of the packets that never arrives. */
  readonly loss?: number;
  /** How much faster the clock of the track runs than the wall, in parts per million. */
  readonly skewPpm?: number;
  readonly seed?: number;
  /** Over how many milliseconds the packets of a picture are spread, as browsers do; 0: one burst. */
  readonly pacingMs?: number;
  /** Whether it tells which moment of the wall its times are; by default it does. */
  readonly hasReports?: boolean;
  /** Of another sender, whose address it then has; closed by that one. */
  readonly socket?: Socket;
}

/** Something to be sent at a time of the track. */
interface Due {
  /** Of the frame or packet of the clip. */
  readonly index: number;
  /** Milliseconds from the start of what is sent. */
  readonly atMs: number;
  /** How much later than that it leaves. */
  readonly laterMs: number;
  readonly payload: Uint8Array;
  readonly isLast: boolean;
}

const REPORT_INTERVAL_MS = 500;
/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_EPOCH_OFFSET = 2_208_988_800;

export class RtpSender {
  readonly #options: SenderOptions;
  readonly #socket: Socket;
  readonly #random: () => number;
  readonly #firstTimestamp: number;
  #sequence: number;
  #packetCount = 0;
  #octetCount = 0;
  #lastSent = -1;
  #startedAt: number | undefined;
  #isStopped = false;
  #isPaused = false;
  #isClosed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#socket = options.socket ?? createSocket('udp4');
    this.#random = chance(options.seed ?? options.ssrc);
    this.#sequence = 1_000 + Math.floor(this.#random() * 1_000);
    this.#firstTimestamp = Math.floor(this.#random() * 0xffff_ffff);
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** The index of the last frame or packet of the clip that was sent whole; -1 before the first. */
  get lastSent(): number {
    return this.#lastSent;
  }

  /** Resolves when everything was sent, or on `stop()`. Times count from the first call. */
  async sendVideo(
    frames: readonly Uint8Array[],
    framerate: number,
    codec: VideoCodec = 'vp8',
  ): Promise<void> {
    const { pacingMs = 0 } = this.#options;
    const due = frames.flatMap((frame, index) => {
      const payloads = packetize(codec, frame, index);
      const atMs = (index * 1_000) / framerate;
      return payloads.map((payload, at) => ({
        index,
        atMs,
        laterMs: (pacingMs * at) / payloads.length,
        payload,
        isLast: at === payloads.length - 1,
      }));
    });
    await this.#send(due);
  }

  async sendAudio(packets: readonly Uint8Array[], packetMs: number): Promise<void> {
    await this.#send(
      packets.map((payload, index) => ({
        index,
        atMs: index * packetMs,
        laterMs: 0,
        payload,
        isLast: false,
      })),
    );
  }

  /** Time goes on, and nothing is sent. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Twice is no error. */
  close(): void {
    this.stop();
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#options.socket) this.#socket.close();
  }

  async #send(due: readonly Due[]): Promise<void> {
    const { jitterMs = 0, loss = 0, hasReports = true } = this.#options;
    const startedAt = performance.now();
    this.#startedAt ??= startedAt;
    const earlierMs = startedAt - this.#startedAt;
    const packets = due
      .map((item) => ({
        index: item.index,
        sendAtMs: item.atMs + item.laterMs + this.#random() * jitterMs,
        bytes: this.#toPacket({ ...item, atMs: item.atMs + earlierMs }),
      }))
      .filter(() => this.#random() >= loss)
      .sort((a, b) => a.sendAtMs - b.sendAtMs);
    let reportAtMs = 0;
    for (const { index, sendAtMs, bytes } of packets) {
      const wait = sendAtMs - (performance.now() - startedAt);
      if (wait > 1) await Bun.sleep(wait);
      if (this.#isStopped) return;
      if (this.#isPaused) continue;
      const nowMs = performance.now() - startedAt;
      this.#packetCount += 1;
      this.#octetCount += bytes.length - 12;
      this.#socket.send(bytes, this.#options.port, '127.0.0.1');
      // The one before: of this one, more packets may follow.
      this.#lastSent = Math.max(this.#lastSent, index - 1);
      if (!hasReports || nowMs < reportAtMs) continue;
      reportAtMs = nowMs + REPORT_INTERVAL_MS;
      this.#socket.send(this.#report(nowMs + earlierMs), this.#options.port, '127.0.0.1');
    }
  }

  #timestamp(atMs: number): number {
    const { clockRate, skewPpm = 0 } = this.#options;
    return (this.#firstTimestamp + Math.round((atMs / 1_000) * clockRate * (1 + skewPpm / 1e6))) >>> 0;
  }

  /** RFC 3550, section 5.1. */
  #toPacket({ atMs, payload, isLast }: Due): Uint8Array {
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = this.#options.payloadType | (isLast ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp(atMs), 4);
    packet.writeUInt32BE(this.#options.ssrc, 8);
    packet.set(payload, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }

  /** RFC 3550, section 6.4.1, without a report block. */
  #report(nowMs: number): Uint8Array {
    const report = Buffer.alloc(28);
    const seconds = Date.now() / 1_000 + NTP_EPOCH_OFFSET;
    report[0] = 0x80;
    report[1] = 200;
    report.writeUInt16BE(6, 2);
    report.writeUInt32BE(this.#options.ssrc, 4);
    report.writeUInt32BE(Math.floor(seconds), 8);
    report.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 12);
    report.writeUInt32BE(this.#timestamp(nowMs), 16);
    report.writeUInt32BE(this.#packetCount, 20);
    report.writeUInt32BE(this.#octetCount, 24);
    return report;
  }
}
