/**
 * What Elysia does not tell of a socket. Frames as they came: Elysia parses text that looks like JSON, a number or a
 * boolean. And, in an app that is not ours, what its hooks do not pass on.
 */

/** The part of an open Elysia socket that this needs: Bun's own socket, whose `data` holds Elysia's callbacks. */
export interface OpenSocket {
  /** The same for every wrapper of one socket. */
  readonly id: string;
  readonly raw: { readonly data: unknown };
}

export interface RawFrames {
  /** A frame as it was sent: text as a string, binary as bytes. */
  frame(content: string | Uint8Array): void;
  /** The client answered a ping. */
  pong(): void;
  /** The socket is gone. Elysia's own `close` is called after it. */
  closed?(code: number): void;
  /** The client has taken some of what waited for it. */
  drained?(): void;
}

/** Call it in `open`. From then on Elysia's own `message` and `pong` of this socket are never called. */
export function takeRawFrames(socket: OpenSocket, { frame, pong, closed, drained }: RawFrames): void {
  if (closed) overhear(socket, { pong, closed });
  Object.assign(callbacksOf(socket), {
    message: (_socket: unknown, content: string | Uint8Array) => frame(content),
    pong,
    ...(drained && { drain: drained }),
  });
}

export interface Overheard {
  /** The client answered a ping. */
  pong(): void;
  closed(code: number): void;
}

/** Call it in `open`. Elysia's own `pong` and `close` of this socket are called after these. */
export function overhear(socket: OpenSocket, { pong, closed }: Overheard): void {
  const callbacks = callbacksOf(socket);
  const { pong: theirPong, close: theirClose } = callbacks;
  Object.assign(callbacks, {
    pong: (...args: unknown[]) => {
      pong();
      return theirPong?.(...args);
    },
    close: (raw: unknown, code: number, ...args: unknown[]) => {
      closed(code);
      return theirClose?.(raw, code, ...args);
    },
  });
}

/** The request with which the socket was asked for; its headers stay readable. */
export function upgradeRequest(socket: OpenSocket): Request {
  const data: object = callbacksOf(socket);
  if ('request' in data && data.request instanceof Request) return data.request;
  throw new TypeError('this socket of Elysia does not tell by which request it was opened');
}

interface Callbacks {
  pong?: (...args: unknown[]) => unknown;
  close?: (...args: unknown[]) => unknown;
}

function callbacksOf({ raw: { data } }: OpenSocket): Callbacks {
  if (typeof data !== 'object' || data === null || !('message' in data)) {
    throw new TypeError('this is not an open socket of Elysia');
  }
  return data satisfies object as Callbacks;
}
