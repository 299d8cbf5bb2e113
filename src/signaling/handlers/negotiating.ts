/** Session descriptions: to the server, for clients that speak SDP, and from one client to another, which we pass on. */
import { AppError } from '../../lib/index.ts';
import type { SdpEndpoint } from '../../media/index.ts';
import { type CallEvent, type RequestData, SFU } from '../../protocol/index.ts';
import type { ClientMessage } from '../parse.ts';
import type { CallContext, CallHandler } from './handler.ts';

type Passed = Extract<CallEvent, { type: 'offer' | 'answer' | 'ice-candidate' }>;

export const offer: CallHandler<'offer'> = {
  needs: 'call',
  async handle(context, data, message) {
    if (!isForServer(message)) return pass(context, { type: 'offer', data }, message);
    const endpoint = sdpEndpointOf(context);
    if (data.connection === 'subscribe')
      throw new AppError(
        'invalid_state',
        'On that connection the server offers: send "renegotiate" and it will.',
      );
    const { sdp, tracks } = await endpoint.offer({ sdp: textOf(data, 'offer'), sources: data.tracks });
    const answered = { connection: 'publish' as const, sdp: { type: 'answer' as const, sdp }, tracks };
    context.participant.tell({ type: 'answer', userId: SFU, data: answered });
    return answered;
  },
};

export const answer: CallHandler<'answer'> = {
  needs: 'call',
  async handle(context, data, message) {
    if (!isForServer(message)) return pass(context, { type: 'answer', data }, message);
    const endpoint = sdpEndpointOf(context);
    if (data.connection === 'publish')
      throw new AppError('invalid_state', 'On that connection you offer, and the server answers.');
    return { tracks: await endpoint.answer({ sdp: textOf(data, 'answer'), sources: data.tracks }) };
  },
};

export const iceCandidate: CallHandler<'ice-candidate'> = {
  needs: 'call',
  async handle(context, data, message) {
    // ICE-lite: we only answer checks, and need no address for that (RFC 8445, section 2.5).
    return isForServer(message) ? {} : pass(context, { type: 'ice-candidate', data }, message);
  },
};

export const renegotiate: CallHandler<'renegotiate'> = {
  needs: 'call',
  async handle(context, { connection, how = 'offer', simulcast }) {
    const endpoint = sdpEndpointOf(context);
    if (connection === 'publish') throw new AppError('invalid_state', 'On that connection you offer: do so.');
    await endpoint.renegotiate(how, simulcast);
    return {};
  },
};

function isForServer({ targetUserId }: ClientMessage): boolean {
  return targetUserId === undefined || targetUserId === SFU;
}

/** To one participant and to nobody else, as it is, with the name of who sent it. */
function pass({ call, participant }: CallContext, event: Passed, { targetUserId }: ClientMessage) {
  call.say({ ...event, userId: participant.userId }, participant, targetUserId);
  return {};
}

function sdpEndpointOf({ endpoint }: CallContext): SdpEndpoint {
  if (endpoint.protocol === 'sdp') return endpoint;
  throw new AppError(
    'invalid_state',
    endpoint.protocol === 'p2p'
      ? 'You joined peer to peer: name the participant for whom it is in targetUserId.'
      : 'You joined with the protocol "mediasoup", which needs no descriptions.',
  );
}

function textOf({ sdp }: RequestData<'offer'>, type: 'offer' | 'answer'): string {
  if (typeof sdp === 'string') return sdp;
  if (sdp.type !== type)
    throw new AppError('invalid_sdp', `A description of type "${sdp.type}" is no ${type}.`);
  return sdp.sdp;
}
