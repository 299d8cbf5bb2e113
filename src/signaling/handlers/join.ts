/** `join`, `leave` and `ping`: how a socket gets into a call and out of it. */
import { Participant } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Joined } from '../../protocol/index.ts';
import type { CallHandler, SocketHandler } from './handler.ts';

/** Metadata is sent to everyone and kept; a page of text is enough. */
const MAX_METADATA_LENGTH = 4_096;

export const join: SocketHandler<'join'> = {
  needs: 'socket',
  async handle({ session, services }, data, { roomId }) {
    if (session.membership)
      throw new AppError('already_joined', 'This socket is in a call already; leave it first.');
    if (data.protocol !== 'mediasoup') {
      throw new AppError('invalid_message', 'Only protocol "mediasoup" is spoken here so far.');
    }
    if (JSON.stringify(data.metadata ?? null).length > MAX_METADATA_LENGTH) {
      throw new AppError('invalid_message', `The metadata is longer than ${MAX_METADATA_LENGTH} characters.`);
    }
    const { identity } = session;
    const { call, title, permissions } = await services.calls.openDoor(identity, roomId);
    if (session.isClosed) throw new AppError('invalid_state', 'The socket closed while it joined.');
    // From here on nothing waits: what is seen now is still true when the others are told.
    call.checkRoomFor(identity.userId, permissions.hidden);
    const endpoint = call.room.createNativeEndpoint(identity.userId);
    const participant = new Participant({
      userId: identity.userId,
      name: data.name ?? identity.name,
      metadata: data.metadata ?? {},
      permissions,
      endpoint,
      tell: (event) => session.tell(event),
    });
    call.admit(participant);
    session.enter({ call, participant, endpoint });
    const joined: Joined = {
      roomId,
      callId: call.callId,
      title,
      userId: participant.userId,
      name: participant.name,
      participants: call.visibleParticipants
        .filter((other) => other !== participant)
        .map((other) => other.describe()),
      routerRtpCapabilities: call.room.rtpCapabilities,
      iceServers: services.iceServersFor(identity.userId),
      encodings: services.encodings,
      recording: null,
      permissions,
      activeSpeaker: call.room.activeSpeaker,
      generation: endpoint.generation,
    };
    session.tell({ type: 'joined', data: joined });
    return joined;
  },
};

export const leave: CallHandler<'leave'> = {
  needs: 'call',
  async handle({ participant }) {
    participant.close('left');
    return {};
  },
};

export const ping: SocketHandler<'ping'> = {
  needs: 'socket',
  async handle() {
    return { serverTime: new Date().toISOString() };
  },
};
