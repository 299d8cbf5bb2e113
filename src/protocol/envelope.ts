/** What wraps each message on the wire, in both directions. */
import { type Static, Type } from '@sinclair/typebox';
import type { SocketErrorCode } from './codes.ts';
import type { EventData, EventType } from './events.ts';
import { RequestId, RoomId, UserId } from './identifiers.ts';
import type { RequestResponse, RequestType } from './requests.ts';

/** The outside of every client message; `data` is checked by the schema of its `type`. */
export const ClientEnvelope = Type.Object({
  id: Type.Optional(RequestId),
  type: Type.String({ minLength: 1, maxLength: 64 }),
  roomId: RoomId,
  userId: Type.Optional(UserId),
  targetUserId: Type.Optional(UserId),
  data: Type.Optional(Type.Unknown()),
});
export type ClientEnvelope = Static<typeof ClientEnvelope>;

export interface WireError {
  readonly code: SocketErrorCode;
  readonly message: string;
}

export type ServerResponse<T extends RequestType = RequestType> =
  | { readonly type: 'response'; readonly id: string; readonly ok: true; readonly data: RequestResponse<T> }
  | { readonly type: 'response'; readonly id: string; readonly ok: false; readonly error: WireError };

/** The failure of a message that had no `id`. */
export interface ServerError {
  readonly type: 'error';
  readonly error: WireError;
}

/** An event of the call, or, without `roomId`, of a socket that is in none. `seq` grows by one per socket, so that a gap is seen. */
export type ServerEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    readonly roomId?: string;
    readonly seq: number;
    readonly userId?: string;
    readonly data: EventData<K>;
  };
}[T];

export type ServerMessage = ServerResponse | ServerError | ServerEvent;
