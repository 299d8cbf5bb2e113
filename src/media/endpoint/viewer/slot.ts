/** What a viewer is sent of one kind: the track that is wanted now, whichever that is. One consumer after another, on one section. */
import { AppError, SerialQueue } from '../../../lib/index.ts';
import type { Publication } from '../../room/publication.ts';
import type { Subscriptions } from '../subscriptions.ts';

/** The track, or the way to it, went meanwhile: there will be another one, or none. */
const PASSING: readonly string[] = ['not_found', 'invalid_state', 'unavailable', 'unsupported_codec'];

export class ViewerSlot {
  readonly #mid: string;
  readonly #subscriptions: Subscriptions;
  readonly #queue = new SerialQueue();
  #wanted: Publication | undefined;
  #carried: { readonly publication: Publication; readonly consumerId: string } | undefined;

  constructor(mid: string, subscriptions: Subscriptions) {
    this.#mid = mid;
    this.#subscriptions = subscriptions;
  }

  /** Shows it, in the place of what was shown before; resolves when it flows, or when it cannot. */
  show(publication: Publication | undefined): Promise<void> {
    this.#wanted = publication;
    return this.#queue.run(() => this.#align());
  }

  /** To be told when a consumer has ended by itself. */
  forget(consumerId: string): void {
    if (this.#carried?.consumerId === consumerId) this.#carried = undefined;
  }

  async #align(): Promise<void> {
    const wanted = this.#wanted;
    if (this.#carried?.publication === wanted) return;
    // First, so that never two streams of a kind are on the way.
    if (this.#carried) this.#subscriptions.remove(this.#carried.consumerId);
    this.#carried = undefined;
    if (!wanted) return;
    try {
      const { consumerId } = await this.#subscriptions.add(wanted, { mid: this.#mid });
      this.#carried = { publication: wanted, consumerId };
      await this.#subscriptions.resume(consumerId);
    } catch (error) {
      if (!(error instanceof AppError && PASSING.includes(error.code))) throw error;
    }
  }
}
