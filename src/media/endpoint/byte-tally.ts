/** Every byte of an endpoint, over all the transports that it has one after another. */
import { addBytes, type ByteCount, NO_BYTES } from './totals.ts';
import type { ClientTransport } from './transport.ts';

export class ByteTally {
  /** Of transports that have closed. */
  #earlier = Promise.resolve(NO_BYTES);

  /** Closes a transport that is not used any more, and keeps account of what went over it. */
  retire(transport: ClientTransport): void {
    transport.close();
    const counts = Promise.all([this.#earlier, transport.countBytes()]);
    this.#earlier = counts.then(([earlier, last]) => addBytes(earlier, last));
  }

  /** With what went over those that are open. Never rejects. */
  async total(...open: readonly (ClientTransport | undefined)[]): Promise<ByteCount> {
    const counts = open.map((transport) => transport?.countBytes() ?? NO_BYTES);
    return addBytes(...(await Promise.all([this.#earlier, ...counts])));
  }
}
