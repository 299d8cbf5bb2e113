/** The last step into a call, for those who join and for those who come back after a restart. */
import { Participant } from '../../engine/index.ts';
import { AppError, newId } from '../../lib/index.ts';
import type { NativeEndpoint } from '../../media/index.ts';
import type { Joined, JoinProtocol, JoinTransports, Permissions, RequestData } from '../../protocol/index.ts';
import type { ClientEndpoint } from '../memberships.ts';
import type { Session } from '../session.ts';
import type { Entrance, SignalingServices } from './handler.ts';
import { describeJoined } from './joined.ts';
import { beginOffering, createEndpoint } from './media-way.ts';
import { mayUseTransport } from './transports.ts';

export interface Joining {
  readonly session: Session;
  readonly services: SignalingServices;
  readonly entrance: Entrance;
}

/** Makes the transports that are asked for by one who negotiates natively, and steps in. Rejects with nothing left behind. */
export async function enter(joining: Joining, data: RequestData<'join'>): Promise<Joined> {
  const { session, services, entrance } = joining;
  const { call, permissions } = entrance;
  demandPlace(joining);
  const endpoint = createEndpoint(call, session.identity.userId, protocolOf(entrance, data));
  try {
    if (!data.transports || endpoint.protocol !== 'mediasoup') return stepIn(joining, data, { endpoint });
    const transports = await createTransports(endpoint, data.transports, permissions);
    // Whatever happened meanwhile: the call may have ended, and another token may have come, with fewer rights.
    demandPlace(joining);
    const now = { ...entrance, permissions: services.calls.permissionsIn(session.identity, call) };
    return stepIn({ ...joining, entrance: now }, data, { endpoint, transports });
  } catch (error) {
    endpoint.close();
    throw error;
  }
}

function demandPlace({ session, entrance: { call, permissions } }: Joining): void {
  session.demandFree();
  call.checkRoomFor(session.identity.userId, permissions);
}

/** What may not or cannot be had now is left out: it can be asked for again, and is refused then with the reason. */
async function createTransports(
  endpoint: NativeEndpoint,
  { send, recv }: JoinTransports,
  permissions: Permissions,
): Promise<Joined['transports']> {
  const allowed = {
    ...(send && mayUseTransport(permissions, 'send') && { send }),
    ...(recv && mayUseTransport(permissions, 'recv') && { recv }),
  };
  try {
    return await endpoint.createFirstTransports(allowed);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Nothing waits in here, so what the newcomer is told is still true when the others are told. */
function stepIn(
  joining: Joining,
  data: RequestData<'join'>,
  media: { readonly endpoint: ClientEndpoint; readonly transports?: Joined['transports'] },
): Joined {
  const { session, services, entrance } = joining;
  const { call, permissions } = entrance;
  const { endpoint } = media;
  const { identity } = session;
  const { userId } = identity;
  const name = data.name ?? identity.name;
  const participantId = newId();
  const resumeToken = services.resumeTokens.issue({
    sub: userId,
    roomId: call.roomId,
    callId: call.callId,
    participantId,
    name,
    protocol: endpoint.protocol,
  });
  const participant = new Participant({
    id: participantId,
    userId,
    name,
    metadata: data.metadata ?? {},
    permissions,
    endpoint,
    tell: (event) => session.tell(event),
  });
  call.admit(participant);
  session.enter({ call, participant, endpoint });
  services.memberships.hold(participant, session);
  const joined = describeJoined({ ...joining, ...media, participant, resumeToken, isResumed: false });
  session.tell({ type: 'joined', data: joined });
  beginOffering({ call, participant, endpoint }, { wantsSimulcast: data.simulcast ?? false });
  if (permissions.moderate && call.lobby.guests.length > 0) {
    session.tell({ type: 'lobby-waiting', data: { waiting: call.lobby.guests } });
  }
  return joined;
}

/** Where the call is peer to peer, who speaks SDP does so with the others. */
function protocolOf({ topology }: Entrance, { protocol = 'sdp' }: RequestData<'join'>): JoinProtocol {
  return topology === 'p2p' && protocol === 'sdp' ? 'p2p' : protocol;
}
