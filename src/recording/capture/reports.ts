/** Our own socket for the RTCP of one track: keeps the sender reports, and says goodbye to the reader. */
import { createSocket, type Socket } from 'node:dgram';
import { Emitter, type Listenable } from '../../lib/index.ts';

/** Which moment of the wall a moment of the track is (RFC 3550, section 6.4.1). */
export interface SenderReport {
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  readonly rtpTimestamp: number;
}

interface ReportsEvents extends Record<string, unknown> {
  reported: SenderReport;
}

const LOOPBACK = '127.0.0.1';
const SENDER_REPORT = 200;
/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_EPOCH_OFFSET = 2_208_988_800;

export class Reports {
  readonly #socket: Socket;
  readonly #emitter = new Emitter<ReportsEvents>();
  #isClosed = false;

  /** Binds to any free port. */
  static async open(): Promise<Reports> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, LOOPBACK, () => resolve());
    });
    return new Reports(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.removeAllListeners('error');
    socket.on('error', () => {
      // The reader may be gone already when it is told goodbye.
    });
    socket.on('message', (packet) => {
      for (const report of readSenderReports(packet)) this.#emitter.emit('reported', report);
    });
  }

  get events(): Listenable<ReportsEvents> {
    return this.#emitter;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** An RTCP BYE (RFC 3550, section 6.6) to the RTCP port of a reader: ffmpeg ends its file in good order. */
  sayGoodbye(ssrc: number, port: number): void {
    const bye = Buffer.alloc(12);
    bye.writeUInt8(0x81, 0);
    bye.writeUInt8(203, 1);
    bye.writeUInt16BE(2, 2);
    bye.writeUInt32BE(ssrc, 4);
    this.#socket.send(bye, port, LOOPBACK);
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#emitter.removeAll();
    this.#socket.close();
  }
}

/** Of a compound packet; what else is in it is passed over, and so is what is cut off. */
export function readSenderReports(packet: Buffer): SenderReport[] {
  const reports: SenderReport[] = [];
  for (let at = 0; at + 4 <= packet.length; ) {
    const length = (packet.readUInt16BE(at + 2) + 1) * 4;
    if (packet.readUInt8(at + 1) === SENDER_REPORT && length >= 28 && at + 20 <= packet.length) {
      const seconds = packet.readUInt32BE(at + 8) - NTP_EPOCH_OFFSET;
      const fraction = packet.readUInt32BE(at + 12) / 2 ** 32;
      reports.push({ wallMs: (seconds + fraction) * 1_000, rtpTimestamp: packet.readUInt32BE(at + 16) });
    }
    at += length;
  }
  return reports;
}
