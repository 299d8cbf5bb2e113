/** The session of one who watches: its player may have been given a counter-offer, and answers that later. */
import type { ViewerEndpoint } from '../../media/index.ts';
import { IngestSession, type IngestSessionParts } from '../session.ts';

export class ViewerSession extends IngestSession {
  readonly #endpoint: ViewerEndpoint;

  constructor({
    endpoint,
    ...parts
  }: Omit<IngestSessionParts, 'endpoint'> & { readonly endpoint: ViewerEndpoint }) {
    super({ ...parts, endpoint });
    this.#endpoint = endpoint;
  }

  /** Rejects as `ViewerEndpoint.answer` does. An `If-Match` is not needed: there is one counter-offer. */
  async answer(sdp: string, ifMatch: string | null): Promise<void> {
    if (ifMatch !== null) this.demandCurrent(ifMatch);
    await this.#endpoint.answer(sdp);
  }
}
