/** Sends what is due, stream by stream, at the rate that each of them has. */
import type { SendConnection } from './webrtc/connection.ts';
import type { RtpStream } from './webrtc/rtp-stream.ts';

export interface Outlet {
  readonly connection: SendConnection;
  readonly stream: RtpStream;
}

const TICK_MS = 5;
/** Who is later than this has lost its place: it goes on from now, and nothing is made up for. */
const MAX_LATE_MS = 200;

export class Pacer {
  readonly #places: { readonly outlet: Outlet; dueMs: number }[];
  #timer: Timer | undefined;

  constructor(outlets: readonly Outlet[]) {
    this.#places = outlets.map((outlet) => ({ outlet, dueMs: 0 }));
  }

  /** The streams begin at different moments, as people's do. */
  start(): void {
    this.stop();
    const now = performance.now();
    for (const [index, place] of this.#places.entries()) {
      place.dueMs = now + (index / this.#places.length) * place.outlet.stream.intervalMs;
    }
    this.#timer = setInterval(() => this.#sendDue(performance.now()), TICK_MS);
  }

  /** Twice is no error. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #sendDue(now: number): void {
    for (const place of this.#places) {
      const { connection, stream } = place.outlet;
      if (now - place.dueMs > MAX_LATE_MS) place.dueMs = now;
      while (place.dueMs <= now) {
        connection.send(stream, place.dueMs);
        place.dueMs += stream.intervalMs;
      }
    }
  }
}
