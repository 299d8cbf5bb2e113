/** What the connections of one endpoint share. */
import type { RtpCapabilities, TrackSource } from '../../../protocol/index.ts';
import type { Home } from '../../room/home.ts';
import type { PublishedTracks } from '../published-tracks.ts';
import type { ClientTransport } from '../transport.ts';

export interface ConnectionContext {
  readonly userId: string;
  /** What the room routes. */
  readonly capabilities: RtpCapabilities;
  readonly tracks: PublishedTracks;
  readonly mayPublish: (source: TrackSource) => boolean;
  /** Where the transports of the endpoint live. Rejects with `unavailable`. */
  home(): Promise<Home>;
  generation(): number;
  /** The same tracks come another way from here on: whoever has them has to take them anew. */
  beginGeneration(): void;
  /** Makes a transport there. Rejects with `unavailable`. */
  open(home: Home): Promise<ClientTransport>;
  /** Closes a transport that is not used any more, and keeps account of what went over it. */
  retire(transport: ClientTransport): void;
}
