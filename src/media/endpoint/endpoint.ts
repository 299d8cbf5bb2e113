/** The port between a participant and the media server: whoever negotiates how, this is all that a call needs of it. */
import type { Listenable } from '../../lib/index.ts';
import type { DataChannel } from '../room/data-channel.ts';
import type { Publication } from '../room/publication.ts';
import type { EndpointStats } from './flow-stats.ts';
import type { EndpointTotals } from './totals.ts';

export interface EndpointEvents extends Record<string, unknown> {
  /** A track can be consumed from now on. */
  publicationAdded: Publication;
  channelAdded: DataChannel;
  /** Emitted exactly once. Publications have said `closed` before. */
  closed: undefined;
}

export interface Endpoint {
  readonly events: Listenable<EndpointEvents>;
  /** By track id. */
  readonly publications: ReadonlyMap<string, Publication>;
  /** Open data channels, by channel id. */
  readonly channels: ReadonlyMap<string, DataChannel>;
  /** Grows when transports are rebuilt; starts at 1. */
  readonly generation: number;
  /** What flows now; nothing once it has closed. A track that ends meanwhile is left out. */
  stats(): Promise<EndpointStats>;
  /** What went through it so far; after `close()`, until then. Never rejects. */
  totals(): Promise<EndpointTotals>;
  /** Ends what flows to the client of the kinds that it may not receive any more. */
  restrictReceiving(allowed: { readonly media: boolean; readonly data: boolean }): void;
  /** Ends everything that flows in or out. Twice is no error. */
  close(): void;
}
