/** One socket of a session, of its source or of an operator: sends frames, notices who reads too slowly, and ends once. */
import { Alarm } from '../../lib/index.ts';
import { StreamCloseCode } from '../../protocol/index.ts';
import type { Frame } from '../relay/relay.ts';
import { Backlog, weigh } from './backlog.ts';

/** The wire under a connection: a socket in the server, a list in a test. */
export interface StreamSocket {
  /** Over 0 when all of it left at once. */
  send(frame: Frame): number;
  /** Bytes that the other side has not taken yet. */
  readonly unsentBytes: number;
  ping(): void;
  close(code: number, reason: string): void;
}

export interface ConnectionOptions {
  readonly userId: string;
  readonly socket: StreamSocket;
  /** Bytes of the longest message that may come. */
  readonly maxMessageBytes: number;
  /** Bytes that may wait for a reader. */
  readonly slowLimitBytes: number;
  /** What lets this user in ends then. Absent: never. */
  readonly expiresAt?: Date | undefined;
}

/** How a connection is heard and let go; set once, by what the connection belongs to. */
export interface ConnectionOwner {
  /** Takes a frame from the socket, and its length in bytes. */
  receive(frame: Frame, size: number): void;
  /** The connection has ended, from whichever side. Called exactly once. */
  closed(): void;
}

export class Connection {
  readonly userId: string;
  readonly #socket: StreamSocket;
  readonly #maxMessageBytes: number;
  readonly #slowLimitBytes: number;
  readonly #expiry: Alarm | undefined;
  #owner: ConnectionOwner | undefined;
  readonly #backlog = new Backlog();
  #isClosed = false;
  /** Something waits in the socket, and everything else behind it. */
  #isBehind = false;
  #lastHeardAt = performance.now();

  constructor({ userId, socket, expiresAt, ...limits }: ConnectionOptions) {
    this.userId = userId;
    this.#socket = socket;
    this.#maxMessageBytes = limits.maxMessageBytes;
    this.#slowLimitBytes = limits.slowLimitBytes;
    if (expiresAt) {
      this.#expiry = new Alarm(() => this.close(StreamCloseCode.unauthenticated, 'the token has expired'));
      this.#expiry.set(expiresAt);
    }
  }

  belongTo(owner: ConnectionOwner): void {
    this.#owner = owner;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Milliseconds since anything came, a pong included. */
  get silentForMs(): number {
    return performance.now() - this.#lastHeardAt;
  }

  /**
   * Sends it to one who must keep up: whoever reads too slowly is closed (1013), and does not hold up others. False when
   * this frame was the one too many.
   */
  send(frame: Frame): boolean {
    if (this.#isClosed || this.trySend(frame)) return true;
    this.close(StreamCloseCode.tryAgainLater, 'you read too slowly');
    return false;
  }

  /** Sends it, now or when what waits has left; drops it and gives false when too much waits already. */
  trySend(frame: Frame): boolean {
    if (this.#isClosed) return false;
    if (this.#isBehind) this.drained();
    if (!this.#isBehind) {
      this.#isBehind = !this.#leaves(frame);
      return true;
    }
    const waiting = this.#backlog.bytes + this.#socket.unsentBytes;
    if (waiting + weigh(frame) > this.#slowLimitBytes) return false;
    this.#backlog.push(frame);
    return true;
  }

  /** The socket has taken some of what waited. */
  drained(): void {
    if (this.#isClosed || this.#socket.unsentBytes > 0) return;
    for (let frame = this.#backlog.shift(); frame !== undefined; frame = this.#backlog.shift()) {
      if (!this.#leaves(frame)) return;
    }
    this.#isBehind = false;
  }

  /** Whether the frame has left at once. If not it waits in the socket: no more than this one, because it is copied there. */
  #leaves(frame: Frame): boolean {
    return this.#socket.send(frame) > 0 || this.#socket.unsentBytes === 0;
  }

  ping(): void {
    if (!this.#isClosed) this.#socket.ping();
  }

  heard(): void {
    this.#lastHeardAt = performance.now();
  }

  receive(frame: Frame): void {
    if (this.#isClosed) return;
    this.heard();
    const size = Buffer.byteLength(frame);
    if (size > this.#maxMessageBytes) this.close(StreamCloseCode.tooLong, 'the message is too long');
    else this.#owner?.receive(frame, size);
  }

  /** Ends it from our side. What waits may still get through for a few seconds; then the socket is dropped. Twice is no error. */
  close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#end();
    this.#socket.close(code, reason);
  }

  /** The socket is gone. Twice is no error. */
  closed(): void {
    if (!this.#isClosed) this.#end();
  }

  #end(): void {
    this.#isClosed = true;
    this.#backlog.clear();
    this.#expiry?.cancel();
    this.#owner?.closed();
  }
}
