/**
 * A UDP proxy in front of a worker's port: on the way in it loses media packets and lets them overtake each other, by a seeded
 * chance; the way out is untouched. What sets up the connection (STUN, DTLS) is passed on as it is.
 */
import { createSocket, type Socket } from 'node:dgram';
import { chance } from './chance.ts';

export interface LossyProxyOptions {
  /** Of the worker, on this machine. */
  readonly targetPort: number;
  /** The part of the packets that never arrives. */
  readonly loss: number;
  /** Each packet is up to so many milliseconds late. */
  readonly delayMs: number;
  readonly seed: number;
}

export class LossyProxy {
  readonly #options: LossyProxyOptions;
  readonly #front: Socket;
  readonly #random: () => number;
  /** A socket towards the worker for each client, by its address. */
  readonly #ways = new Map<string, Socket>();
  readonly #underWay = new Set<Timer>();
  #lost = 0;
  #passed = 0;

  static async create(options: LossyProxyOptions): Promise<LossyProxy> {
    const front = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      front.once('error', reject);
      // What is answered has to come from the address that was asked, whichever the browser's own is.
      front.bind(0, '127.0.0.1', () => resolve());
    });
    return new LossyProxy(front, options);
  }

  private constructor(front: Socket, options: LossyProxyOptions) {
    this.#front = front;
    this.#options = options;
    this.#random = chance(options.seed);
    front.on('message', (packet, { address, port }) => this.#takeIn(packet, address, port));
  }

  get port(): number {
    return this.#front.address().port;
  }

  /** Of the media packets, on the way in. */
  get counts(): { lost: number; passed: number } {
    return { lost: this.#lost, passed: this.#passed };
  }

  close(): void {
    for (const timer of this.#underWay) clearTimeout(timer);
    for (const way of this.#ways.values()) way.close();
    this.#front.close();
  }

  #takeIn(packet: Buffer, address: string, port: number): void {
    const way = this.#wayFor(address, port);
    const { targetPort, loss, delayMs } = this.#options;
    const send = () => way.send(packet, targetPort, '127.0.0.1');
    if (!isMedia(packet)) {
      send();
      return;
    }
    if (this.#random() < loss) {
      this.#lost += 1;
      return;
    }
    this.#passed += 1;
    if (delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#underWay.delete(timer);
      send();
    }, this.#random() * delayMs);
    this.#underWay.add(timer);
  }

  #wayFor(address: string, port: number): Socket {
    const key = `${address}:${port}`;
    const known = this.#ways.get(key);
    if (known) return known;
    const way = createSocket('udp4');
    // To where it really came from: a browser may not use the loopback.
    way.on('message', (packet) => this.#front.send(packet, port, address));
    this.#ways.set(key, way);
    return way;
  }
}

/** RFC 7983: RTP and RTCP begin with 128 to 191. */
function isMedia(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return first >= 128 && first <= 191;
}
