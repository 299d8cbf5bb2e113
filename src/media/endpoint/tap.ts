/** The endpoint of one who only takes tracks out of the call, such as the recorder: it publishes nothing. */
import { AppError, Emitter, type Listenable } from '../../lib/index.ts';
import type { Publication } from '../room/publication.ts';
import { Tap, type TapTarget } from '../rtp/tap.ts';
import type { Endpoint, EndpointEvents } from './endpoint.ts';
import { type EndpointStats, toDirection } from './flow-stats.ts';
import { type EndpointTotals, NO_BYTES } from './totals.ts';

export class TapEndpoint implements Endpoint {
  readonly publications: Endpoint['publications'] = new Map();
  readonly channels: Endpoint['channels'] = new Map();
  readonly generation = 1;
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #taps = new Set<Tap>();
  #isClosed = false;

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  /** Takes a track out to a target, paused at first. Rejects as `Tap.create` does, and with `invalid_state` once it is closed. */
  async tap(publication: Publication, target: TapTarget): Promise<Tap> {
    const tap = await Tap.create(publication, target);
    if (this.#isClosed) {
      tap.close();
      throw new AppError('invalid_state', 'The participant has left the call.');
    }
    this.#taps.add(tap);
    tap.events.on('closed', () => this.#taps.delete(tap));
    return tap;
  }

  async stats(): Promise<EndpointStats> {
    return { up: toDirection([]), down: toDirection([]) };
  }

  async totals(): Promise<EndpointTotals> {
    return { bytes: NO_BYTES, averageScore: null };
  }

  /** Taps stay on this machine: nothing is received by anybody. */
  restrictReceiving(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const tap of [...this.#taps]) tap.end();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }
}
