/** What a message handler is, and what it is given. */
import type { Identity } from '../../auth/index.ts';
import type { Call } from '../../engine/index.ts';
import type {
  Encodings,
  IceServer,
  Permissions,
  RequestData,
  RequestResponse,
  RequestType,
} from '../../protocol/index.ts';
import type { ClientMessage } from '../parse.ts';
import type { Membership, Session } from '../session.ts';

/** What signalling needs of the service layer; wired in `app`. */
export interface CallDoor {
  /** Throws `forbidden`, `call_not_found`, `unavailable`. */
  openDoor(
    identity: Identity,
    roomId: string,
  ): Promise<{ readonly call: Call; readonly title: string | null; readonly permissions: Permissions }>;
}

export interface SignalingServices {
  readonly calls: CallDoor;
  readonly iceServersFor: (userId: string) => IceServer[];
  readonly encodings: Encodings;
}

/** Works without a call: `join`, `ping`. */
export interface SocketHandler<T extends RequestType> {
  readonly needs: 'socket';
  handle(
    context: { readonly session: Session; readonly services: SignalingServices },
    data: RequestData<T>,
    message: ClientMessage,
  ): Promise<RequestResponse<T>>;
}

/** Works inside of a call only. */
export interface CallHandler<T extends RequestType> {
  readonly needs: 'call';
  /** Whether these permissions allow the message; absent: every participant may. */
  readonly permission?: (permissions: Permissions, data: RequestData<T>) => boolean;
  handle(membership: Membership, data: RequestData<T>, message: ClientMessage): Promise<RequestResponse<T>>;
}

export type Handler<T extends RequestType> = SocketHandler<T> | CallHandler<T>;
export type HandlerTable = { readonly [T in RequestType]: Handler<T> };
