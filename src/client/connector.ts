/** Gets us into the call: token, socket, `join` or `resume`, media; and undoes all of it when one of them fails. */
import type { types } from 'mediasoup-client';
import type { Joined, ServerEvent } from '../protocol/index.ts';
import { SocketClosedError } from './close-reason.ts';
import { CallError, type CallErrorCode } from './errors.ts';
import type { LocalTrack } from './local-track.ts';
import { MediaSession } from './media-session.ts';
import { type OpenSocket, SignalingConnection } from './signaling-connection.ts';
import type { TokenSource } from './token-keeper.ts';

export interface ConnectorOptions extends TokenSource {
  /** Where the server is: `https://calls.example.org`, or the URL of the socket itself. */
  readonly url: string;
  readonly roomId: string;
  readonly name?: string;
  readonly metadata?: unknown;
  readonly openSocket?: OpenSocket;
  readonly handlerFactory?: types.HandlerFactory;
  readonly requestTimeoutMs?: number;
}

export interface ConnectorListener {
  event(event: ServerEvent): void;
  /** We are kept in the lobby until a moderator decides. */
  waiting(): void;
  /** The token of this socket ends then. */
  tokenExpiring(expiresAt: Date, connection: SignalingConnection): void;
  /** Somebody else paused a track of ours while we were away. */
  muted(local: LocalTrack): void;
  /** The network path of the media could not be mended. */
  mediaFailed(): void;
}

export interface Connected {
  readonly connection: SignalingConnection;
  readonly session: MediaSession;
  readonly joined: Joined;
}

/** What a lost socket left behind. */
export interface Resumable {
  /** Undefined when it was being built anew just then. */
  readonly session: MediaSession | undefined;
  readonly resumeToken: string;
}

interface Entry {
  readonly options: ConnectorOptions;
  readonly listener: ConnectorListener;
  readonly connection: SignalingConnection;
}

/** With these the server says that there is nothing to resume; joining anew may still be possible. */
const NOTHING_TO_RESUME: ReadonlySet<CallErrorCode> = new Set([
  'invalid_state',
  'unauthenticated',
  'forbidden',
]);

/**
 * Resumes with what there was before, or joins anew; then the session of before is closed. Rejects with nothing left
 * open, and with the session of before as it was unless the server said that it is of no use.
 */
export async function connect(
  options: ConnectorOptions,
  listener: ConnectorListener,
  { signal, before }: { readonly signal: AbortSignal; readonly before?: Resumable | undefined },
): Promise<Connected> {
  const connection = await openConnection(options, signal);
  const abort = () => connection.close();
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    handleEvents(connection, listener);
    const entry = { options, listener, connection };
    const connected = before ? await resume(entry, before) : await enter(entry, await join(entry));
    if (connection.closed) {
      if (connected.session !== before?.session) connected.session.close();
      throw new SocketClosedError(connection.closed);
    }
    return connected;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** That we wait is told by the event that tells moderators who waits: before `joined` it is about us. */
function handleEvents(connection: SignalingConnection, listener: ConnectorListener): void {
  let isIn = false;
  connection.events.on('event', (event) => {
    isIn ||= event.type === 'joined';
    if (event.type === 'token-expiring') listener.tokenExpiring(new Date(event.data.expiresAt), connection);
    else if (event.type === 'lobby-waiting' && !isIn) listener.waiting();
    else listener.event(event);
  });
}

async function openConnection(options: ConnectorOptions, signal: AbortSignal): Promise<SignalingConnection> {
  const { token, roomId, openSocket, requestTimeoutMs } = options;
  const tokenText = typeof token === 'string' ? token : await token();
  signal.throwIfAborted();
  return SignalingConnection.open({
    url: socketUrl(options.url),
    token: tokenText,
    roomId,
    ...(openSocket && { openSocket }),
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
}

async function resume(entry: Entry, { session, resumeToken }: Resumable): Promise<Connected> {
  const { connection } = entry;
  const joined = await connection.request('resume', { resumeToken }).catch((error: unknown) => {
    if (error instanceof CallError && NOTHING_TO_RESUME.has(error.code)) return undefined;
    throw error;
  });
  if (joined?.isResumed && session?.canResume(joined)) return { connection, session, joined };
  session?.close();
  return enter(entry, joined ?? (await join(entry)));
}

function join({ connection, options: { name, metadata } }: Entry): Promise<Joined> {
  return connection.request('join', {
    protocol: 'mediasoup',
    // Asked for at once: nobody waits for two answers more before the first picture.
    transports: { send: {}, recv: {} },
    ...(name !== undefined && { name }),
    ...(metadata !== undefined && { metadata }),
  });
}

async function enter({ connection, options, listener }: Entry, joined: Joined): Promise<Connected> {
  return { connection, session: await buildMedia(connection, joined, { options, listener }), joined };
}

/** New media for a call that we are in. Rejects as `MediaSession.create` does. */
export function buildMedia(
  connection: SignalingConnection,
  joined: Joined,
  { options: { handlerFactory }, listener }: Pick<Entry, 'options' | 'listener'>,
): Promise<MediaSession> {
  return MediaSession.create({
    connection,
    joined,
    ...(handlerFactory && { handlerFactory }),
    onFailed: () => listener.mediaFailed(),
    onMuted: (local) => listener.muted(local),
  });
}

function socketUrl(url: string): string {
  const socket = new URL(url);
  socket.protocol = socket.protocol.replace(/^http/, 'ws');
  if (socket.pathname === '/') socket.pathname = '/video-calls/ws';
  return socket.href;
}
