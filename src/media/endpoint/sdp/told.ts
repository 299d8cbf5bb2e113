/** What a client whose connections are described by SDP is told about them. */
import { type CallEvent, SFU } from '../../../protocol/index.ts';
import type { ServerOffer } from './subscribe-connection.ts';

export function offerEvent({ sdp, tracks, spare }: ServerOffer): CallEvent {
  return {
    type: 'offer',
    userId: SFU,
    data: { connection: 'subscribe', sdp: { type: 'offer', sdp }, tracks, spare },
  };
}

export function renegotiateEvent(how: 'ice-restart' | 'new-connection'): CallEvent {
  return { type: 'renegotiate', data: { connection: 'publish', how } };
}
