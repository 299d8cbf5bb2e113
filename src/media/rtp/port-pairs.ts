/**
 * Pairs of UDP ports on this machine, an even one and the next: a reader of RTP takes both (RFC 3550, section 11). A pair is
 * given to one at a time, and only when nobody else in the system has it.
 */
import { createSocket } from 'node:dgram';
import { AppError } from '../../lib/index.ts';

export interface PortRange {
  /** Even; the first port of the first pair. */
  readonly from: number;
  /** The last port of the last pair. */
  readonly to: number;
}

export interface PortPair {
  /** The even one. */
  readonly port: number;
  /** Twice is no error. */
  release(): void;
}

const LOOPBACK = '127.0.0.1';

export class PortPairs {
  readonly #range: PortRange;
  readonly #taken = new Set<number>();
  /** Where the search goes on: a pair that was just given back is used again as late as possible. */
  #next: number;

  constructor(range: PortRange) {
    this.#range = range;
    this.#next = range.from;
  }

  get takenCount(): number {
    return this.#taken.size;
  }

  /** A free pair. Rejects with `unavailable` when all are taken. */
  async take(): Promise<PortPair> {
    const { from, to } = this.#range;
    const pairCount = Math.floor((to - from + 1) / 2);
    for (let tries = 0; tries < pairCount; tries += 1) {
      const port = this.#next;
      this.#next = port + 3 > to ? from : port + 2;
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      if ((await isFree(port)) && (await isFree(port + 1))) return this.#lend(port);
      this.#taken.delete(port);
    }
    throw new AppError('unavailable', `No pair of UDP ports is free from ${from} to ${to}.`, 'server');
  }

  #lend(port: number): PortPair {
    let isReleased = false;
    const release = () => {
      // By then it may be somebody else's.
      if (isReleased) return;
      isReleased = true;
      this.#taken.delete(port);
    };
    return { port, release };
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, LOOPBACK, () => socket.close(() => resolve(true)));
  });
}
