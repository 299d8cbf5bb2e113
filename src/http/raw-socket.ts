/** Hands over the frames of a socket as they came: Elysia would parse text that looks like JSON, a number or a boolean. */

/** The part of an open Elysia socket that this needs: Bun's own socket, whose `data` holds Elysia's callbacks. */
interface OpenSocket {
  readonly raw: { readonly data: unknown };
}

export interface RawFrames {
  /** A frame as it was sent: text as a string, binary as bytes. */
  frame(content: string | Uint8Array): void;
  /** The client answered a ping. */
  pong(): void;
}

/** Call it in `open`. From then on Elysia's own `message` and `pong` of this socket are never called. */
export function takeRawFrames(socket: OpenSocket, { frame, pong }: RawFrames): void {
  const { data } = socket.raw;
  if (typeof data !== 'object' || data === null || !('message' in data)) {
    throw new TypeError('this is not an open socket of Elysia');
  }
  Object.assign(data, {
    message: (_socket: unknown, content: string | Uint8Array) => frame(content),
    pong,
  });
}
