/** The endpoint of a client that asks over HTTP and is told nothing in between: it can restart ICE, and it ends when its client is gone. */
import type { Endpoint } from './endpoint.ts';

export interface RestartableEndpoint extends Endpoint {
  /** The user fragment of the client, once it has described itself. */
  readonly remoteUfrag: string | undefined;
  /**
   * Takes the fragment of the client's end of ICE (RFC 8840), and gives ours when it restarts ICE; undefined when it only tells
   * candidates. Rejects with `invalid_sdp`, `invalid_state`, `unavailable`.
   */
  takeFragment(fragment: string): Promise<string | undefined>;
}
