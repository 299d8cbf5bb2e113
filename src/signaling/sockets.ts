/** The open sockets by their ids: which session each belongs to, and those of which it is not known yet who is on them. */
import type { Identity } from '../auth/index.ts';
import { type OpenSocket, overhear } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { CloseCode } from '../protocol/index.ts';
import type { SignalingHub } from './hub.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';

/** The socket ended without a word (RFC 6455, section 7.1.5): a network that changed, a page that crashed. */
const ABNORMAL_CLOSURE = 1006;

export interface Admission {
  readonly hub: SignalingHub;
  readonly identity: Identity;
}

export interface SocketsOptions {
  /** What may come from a socket before it is known who is on it; with more it is closed. */
  readonly limits: { readonly messageBurst: number; readonly maxMessageBytes: number };
  readonly logger: Logger;
}

/** Nobody waits for the answer of `open`: what comes meanwhile is kept. */
interface Arriving {
  readonly kind: 'arriving';
  readonly link: Link;
  readonly frames: (string | Uint8Array)[];
  bytes: number;
}

type Entry = Arriving | { readonly kind: 'open'; readonly hub: SignalingHub; readonly session: Session };

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** Opens the session of a socket whose upgrade was ours: it is known who is on it. */
  open(socket: OpenSocket, { hub, identity }: Admission): Session {
    const session = hub.open(identity, linkTo(socket));
    this.#entries.set(socket.id, { kind: 'open', hub, session });
    return session;
  }

  /**
   * Takes a socket that somebody else has upgraded, and asks who is on it. It is closed with 4401 when `knock` rejects,
   * with 1012 when that was `unavailable`. A socket that is known already is left as it is. Rejects with a `TypeError`
   * what is no open socket of Elysia, and with nothing else.
   */
  async admit(socket: OpenSocket, knock: () => Promise<Admission>): Promise<void> {
    const arriving: Arriving = { kind: 'arriving', link: linkTo(socket), frames: [], bytes: 0 };
    if (this.#isClosed) return refuse(arriving.link, unavailable());
    if (this.#entries.has(socket.id)) return;
    overhear(socket, {
      pong: () => this.#heard(socket),
      closed: (code) => this.closed(socket, code),
    });
    this.#entries.set(socket.id, arriving);
    const outcome = await knock().catch((error: unknown) => ({ error }));
    if (this.#entries.get(socket.id) !== arriving) return;
    this.#entries.delete(socket.id);
    if ('error' in outcome) {
      // Anybody may come with a bad token; anything else is for the operator to know.
      const level = outcome.error instanceof AppError ? 'debug' : 'warn';
      this.#options.logger[level]({ err: outcome.error }, 'a socket was refused');
      return refuse(arriving.link, outcome.error);
    }
    const session = this.open(socket, outcome);
    for (const frame of arriving.frames) session.receive(frame);
  }

  /** Takes one frame. A socket that is not known, or not any more, is ignored. Never throws. */
  receive({ id }: OpenSocket, frame: string | Uint8Array): void {
    const entry = this.#entries.get(id);
    if (entry?.kind === 'open') entry.session.receive(frame);
    else if (entry) this.#keep(id, entry, frame);
  }

  /** The socket is gone. Twice is no error. */
  closed({ id }: OpenSocket, code = ABNORMAL_CLOSURE): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (entry?.kind === 'open') entry.hub.disconnected(entry.session, code !== ABNORMAL_CLOSURE);
  }

  /** Refuses those of whom nothing is known yet, and everybody from now on; sessions are closed by their hub. */
  close(): void {
    this.#isClosed = true;
    for (const [id, entry] of this.#entries) {
      if (entry.kind === 'open') continue;
      this.#entries.delete(id);
      refuse(entry.link, unavailable());
    }
  }

  #heard({ id }: OpenSocket): void {
    const entry = this.#entries.get(id);
    if (entry?.kind === 'open') entry.session.heard();
  }

  #keep(id: string, arriving: Arriving, frame: string | Uint8Array): void {
    const { messageBurst, maxMessageBytes } = this.#options.limits;
    arriving.frames.push(frame);
    arriving.bytes += Buffer.byteLength(frame);
    if (arriving.frames.length <= messageBurst && arriving.bytes <= maxMessageBytes) return;
    this.#entries.delete(id);
    arriving.link.close(CloseCode.flooding, 'too many messages before the token was checked');
  }
}

function refuse(link: Link, error: unknown): void {
  if (error instanceof AppError && error.code === 'unavailable') {
    link.close(CloseCode.serverRestarting, 'the server is not available now');
  } else {
    link.close(CloseCode.unauthenticated, 'no valid token');
  }
}

function unavailable(): AppError {
  return new AppError('unavailable', 'The server is stopping.', 'server');
}

/** The part of Bun's socket that a link is made of. */
interface BunSocket {
  send(text: string): number;
  /** What is sent within leaves in one write. */
  cork(callback: () => void): void;
  getBufferedAmount(): number;
  ping(): number;
  close(code: number, reason: string): void;
}

function linkTo({ raw }: OpenSocket): Link {
  // Elysia's type of Bun's socket lags behind: `getBufferedAmount` is missing in it.
  const socket = raw as unknown as BunSocket;
  return {
    send: (texts) => {
      socket.cork(() => {
        for (const text of texts) socket.send(text);
      });
    },
    get unsentBytes() {
      return socket.getBufferedAmount();
    },
    ping: () => {
      socket.ping();
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
