/** Gets us into the call: token, socket, `join`, media; and undoes all of it when one of them fails. */
import type { types } from 'mediasoup-client';
import type { Joined, ServerEvent } from '../protocol/index.ts';
import { SocketClosedError } from './close-reason.ts';
import { MediaSession } from './media-session.ts';
import { type OpenSocket, SignalingConnection } from './signaling-connection.ts';

export interface ConnectorOptions {
  /** Where the server is: `https://calls.example.org`, or the URL of the socket itself. */
  readonly url: string;
  readonly roomId: string;
  /** A token, or where to get one: asked before every attempt, so that a reconnect has a fresh one. */
  readonly token: string | (() => string | Promise<string>);
  readonly name?: string;
  readonly metadata?: unknown;
  readonly openSocket?: OpenSocket;
  readonly handlerFactory?: types.HandlerFactory;
  readonly requestTimeoutMs?: number;
}

export interface ConnectorListener {
  event(event: ServerEvent): void;
  /** The network path of the media could not be mended. */
  mediaFailed(): void;
}

export interface Connected {
  readonly connection: SignalingConnection;
  readonly session: MediaSession;
  readonly joined: Joined;
}

export async function connect(
  options: ConnectorOptions,
  listener: ConnectorListener,
  signal: AbortSignal,
): Promise<Connected> {
  const { token, roomId, name, metadata, openSocket, handlerFactory, requestTimeoutMs } = options;
  const tokenText = typeof token === 'string' ? token : await token();
  signal.throwIfAborted();
  const connection = await SignalingConnection.open({
    url: socketUrl(options.url),
    token: tokenText,
    roomId,
    ...(openSocket && { openSocket }),
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
  const abort = () => connection.close();
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    connection.events.on('event', (event) => listener.event(event));
    const joined = await connection.request('join', {
      protocol: 'mediasoup',
      ...(name !== undefined && { name }),
      ...(metadata !== undefined && { metadata }),
    });
    const session = await MediaSession.create({
      connection,
      joined,
      ...(handlerFactory && { handlerFactory }),
      onFailed: () => listener.mediaFailed(),
    });
    if (connection.closed) {
      session.close();
      throw new SocketClosedError(connection.closed);
    }
    return { connection, session, joined };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function socketUrl(url: string): string {
  const socket = new URL(url);
  socket.protocol = socket.protocol.replace(/^http/, 'ws');
  if (socket.pathname === '/') socket.pathname = '/video-calls/ws';
  return socket.href;
}
