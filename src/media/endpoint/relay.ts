/** The endpoint of one whose media goes to the others directly: nothing of it passes here. */
import { Emitter, type Listenable } from '../../lib/index.ts';
import type { CallEvent } from '../../protocol/index.ts';
import { Pipes } from '../room/pipes.ts';
import type { EndpointEvents } from './endpoint.ts';
import { type EndpointStats, toDirection } from './flow-stats.ts';
import type { SignalledEndpoint } from './signalled.ts';
import { Subscriptions } from './subscriptions.ts';
import { type EndpointTotals, NO_BYTES } from './totals.ts';

interface RelayEndpointEvents extends EndpointEvents {
  told: CallEvent;
}

export class RelayEndpoint implements SignalledEndpoint {
  readonly protocol = 'p2p';
  readonly publications: SignalledEndpoint['publications'] = new Map();
  readonly channels: SignalledEndpoint['channels'] = new Map();
  readonly generation = 1;
  /** Always empty: nobody gives it a way. */
  readonly subscriptions = new Subscriptions(new Pipes(), () => {});
  readonly missed: CallEvent[] = [];
  readonly #emitter = new Emitter<RelayEndpointEvents>();
  #isClosed = false;

  get events(): Listenable<RelayEndpointEvents> {
    return this.#emitter;
  }

  async stats(): Promise<EndpointStats> {
    return { up: toDirection([]), down: toDirection([]) };
  }

  async totals(): Promise<EndpointTotals> {
    return { bytes: NO_BYTES, averageScore: null };
  }

  /** It receives nothing from here. */
  restrictReceiving(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }
}
