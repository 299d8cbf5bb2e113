/** What signalling needs of the endpoint of a client with a socket, however that client negotiates. */
import type { Listenable } from '../../lib/index.ts';
import type { CallEvent } from '../../protocol/index.ts';
import type { Endpoint, EndpointEvents } from './endpoint.ts';
import type { Subscriptions } from './subscriptions.ts';

interface SignalledEvents extends EndpointEvents {
  /** Something that its client has to know. */
  told: CallEvent;
}

export interface SignalledEndpoint extends Endpoint {
  /** As `join` names it. */
  readonly protocol: 'mediasoup' | 'sdp' | 'p2p';
  readonly events: Listenable<SignalledEvents>;
  /** What flows to the client. */
  readonly subscriptions: Subscriptions;
  /** What its client was told last that still counts: to be told again to one who may have missed it. */
  readonly missed: CallEvent[];
}
