/** What a message handler is, and what it is given. */
import type { Identity, ResumeTokens } from '../../auth/index.ts';
import type { Call } from '../../engine/index.ts';
import type {
  Encodings,
  IceServer,
  Permissions,
  RequestData,
  RequestResponse,
  RequestType,
} from '../../protocol/index.ts';
import type { Recorder } from '../../recording/index.ts';
import type { Later } from '../later.ts';
import type { Membership, Memberships } from '../memberships.ts';
import type { ClientMessage } from '../parse.ts';
import type { Session } from '../session.ts';

/** What signalling needs of the service layer; wired in `app`. */
export interface CallDoor {
  /** Throws `forbidden`, `call_not_found`, `unavailable`. */
  openDoor(identity: Identity, roomId: string): Promise<Entrance>;
  /** What the identity may do in a call that lives. Throws `forbidden` when it may not be in it. */
  permissionsIn(identity: Identity, call: Call): Permissions;
}

export interface Entrance {
  readonly call: Call;
  readonly title: string | null;
  readonly permissions: Permissions;
  /** Whether those who do not moderate wait until somebody lets them in. */
  readonly hasLobby: boolean;
  /** Whether media goes through the server or from one participant to another. */
  readonly topology: 'sfu' | 'p2p';
}

export interface SignalingServices {
  readonly calls: CallDoor;
  readonly tokens: { verify(token: string): Promise<Identity> };
  readonly resumeTokens: ResumeTokens;
  readonly memberships: Memberships;
  /** Whether those who were in a call before a restart may come back past its lobby. */
  readonly isRecovering: () => boolean;
  readonly iceServersFor: (userId: string) => IceServer[];
  readonly encodings: Encodings;
  readonly recorder: Recorder;
}

export interface SocketContext {
  readonly session: Session;
  readonly services: SignalingServices;
}

/** Works without a call: `join`, `ping`. */
export interface SocketHandler<T extends RequestType> {
  readonly needs: 'socket';
  handle(
    context: SocketContext,
    data: RequestData<T>,
    message: ClientMessage,
  ): Promise<RequestResponse<T> | Later<RequestResponse<T>>>;
}

export interface CallContext extends Membership {
  readonly services: Pick<SignalingServices, 'recorder'>;
}

/** Works inside of a call only. */
export interface CallHandler<T extends RequestType> {
  readonly needs: 'call';
  /** Whether these permissions allow the message; absent: every participant may. */
  readonly permission?: (permissions: Permissions, data: RequestData<T>) => boolean;
  handle(context: CallContext, data: RequestData<T>, message: ClientMessage): Promise<RequestResponse<T>>;
}

type Handler<T extends RequestType> = SocketHandler<T> | CallHandler<T>;
export type HandlerTable = { readonly [T in RequestType]: Handler<T> };
