/**
 * One client's socket: who it is, which call it is in, and how it ends. It owns its participant while it is joined.
 * Messages are handled one at a time in the order in which they came.
 */
import type { Identity } from '../auth/index.ts';
import type { Call, Participant } from '../engine/index.ts';
import { QueueClosedError, SerialQueue } from '../lib/index.ts';
import type { NativeEndpoint } from '../media/index.ts';
import type { Logger } from '../observability/index.ts';
import {
  type CallEvent,
  CloseCode,
  type LeaveReason,
  type RequestResponse,
  type RequestType,
  type ServerMessage,
  type WireError,
} from '../protocol/index.ts';
import { toWireError } from './errors.ts';
import { FloodGuard, type FloodLimits, ViolationCounter } from './guards.ts';
import type { Link } from './link.ts';
import { type ClientMessage, parseMessage } from './parse.ts';

export interface SessionLimits extends FloodLimits {
  /** Longest message in bytes, but for those that carry SDP. */
  readonly maxMessageBytes: number;
  /** Bytes that may wait for a client which does not read. */
  readonly maxUnsentBytes: number;
}

/** What a session holds while it is in a call. */
export interface Membership {
  readonly call: Call;
  readonly participant: Participant;
  readonly endpoint: NativeEndpoint;
}

type State = { kind: 'idle' } | ({ kind: 'joined' } & Membership) | { kind: 'closed' };

export interface SessionOptions {
  readonly identity: Identity;
  readonly link: Link;
  readonly limits: SessionLimits;
  /** Does what a message asks; what it throws is answered as an error. */
  readonly handle: (session: Session, message: ClientMessage) => Promise<RequestResponse<RequestType>>;
  readonly logger: Logger;
}

/** How a socket closes when its participant ends; a reason that is not here leaves it open. */
const CLOSE_ON_LEAVE: Partial<Record<LeaveReason, { code: number; reason: string }>> = {
  replaced: { code: CloseCode.replaced, reason: 'you joined from somewhere else' },
  removed: { code: CloseCode.removed, reason: 'you were removed from the call' },
  'call-ended': { code: CloseCode.callEnded, reason: 'the call has ended' },
  // The call itself goes on: whoever connects again finds it on another worker.
  'media-lost': { code: CloseCode.serverRestarting, reason: 'the media server restarts' },
};

export class Session {
  readonly identity: Identity;
  readonly #link: Link;
  readonly #limits: SessionLimits;
  readonly #handle: SessionOptions['handle'];
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #flood: FloodGuard;
  readonly #violations = new ViolationCounter();
  #state: State = { kind: 'idle' };
  #sequence = 0;
  #lastHeardAt = performance.now();

  constructor(options: SessionOptions) {
    this.identity = options.identity;
    this.#link = options.link;
    this.#limits = options.limits;
    this.#handle = options.handle;
    this.#logger = options.logger;
    this.#flood = new FloodGuard(options.limits);
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** The call that the session is in. */
  get membership(): Membership | undefined {
    return this.#state.kind === 'joined' ? this.#state : undefined;
  }

  /** Milliseconds since the client last sent anything, a pong included. */
  get silentForMs(): number {
    return performance.now() - this.#lastHeardAt;
  }

  heard(): void {
    this.#lastHeardAt = performance.now();
  }

  ping(): void {
    this.#link.ping();
  }

  /** Takes one frame from the socket. Never throws: what is wrong with it is answered. */
  receive(frame: string | Uint8Array): void {
    if (this.isClosed) return;
    this.heard();
    const verdict = this.#flood.judge();
    if (verdict === 'close') {
      this.close(CloseCode.flooding, 'too many messages', 'flooding');
      return;
    }
    const parsed = parseMessage(frame, this.#limits.maxMessageBytes);
    if (parsed.kind === 'too-long') {
      this.close(CloseCode.tooLong, 'the message is too long', 'protocol-violation');
    } else if (verdict === 'refuse') {
      const id = parsed.kind === 'message' ? parsed.message.id : parsed.id;
      this.#answerError(id, { code: 'rate_limited', message: 'Too many messages; slow down.' });
    } else if (parsed.kind === 'invalid') {
      this.#answerViolation(parsed.id, parsed.problem);
    } else {
      this.#enqueue(parsed.message);
    }
  }

  /** Enters a call. The participant ends with the socket, and the socket with what its end means. */
  enter(membership: Membership): void {
    this.#state = { kind: 'joined', ...membership };
    const { participant, endpoint } = membership;
    endpoint.events.on('told', (event) => this.tell(event));
    participant.events.on('closed', (reason) => {
      if (this.membership?.participant !== participant) return;
      this.#state = { kind: 'idle' };
      const closing = CLOSE_ON_LEAVE[reason];
      if (closing) this.close(closing.code, closing.reason, reason);
    });
  }

  /** Sends an event of the call, with the next sequence number. */
  tell(event: CallEvent): void {
    const roomId = this.membership?.call.roomId;
    if (roomId === undefined) return;
    this.#sequence += 1;
    const userId = event.type === 'chat' ? event.data.userId : undefined;
    this.#send({
      ...event,
      roomId,
      seq: this.#sequence,
      ...(userId === undefined ? {} : { userId }),
    } as ServerMessage);
  }

  /** Ends the session from our side: closes the socket and leaves the call. Twice is no error. */
  close(code: number, reason: string, leaveReason: LeaveReason): void {
    if (this.isClosed) return;
    this.#end(leaveReason);
    // Last, because the socket says at once that it is gone, and then the reason would be that.
    this.#link.close(code, reason);
  }

  /** The socket is gone. */
  disconnected(): void {
    if (!this.isClosed) this.#end('disconnected');
  }

  #end(reason: LeaveReason): void {
    const membership = this.membership;
    this.#state = { kind: 'closed' };
    membership?.participant.close(reason);
    // What still waits in the queue is rejected, and nobody is there any more to be told.
    void this.#queue.close();
  }

  #enqueue(message: ClientMessage): void {
    this.#queue
      .run(() => this.#answer(message))
      .catch((error: unknown) => {
        if (!(error instanceof QueueClosedError))
          this.#logger.error({ err: error }, 'a message was not answered');
      });
  }

  async #answer(message: ClientMessage): Promise<void> {
    const { id } = message;
    try {
      const data = await this.#handle(this, message);
      if (id !== undefined) this.#send({ type: 'response', id, ok: true, data });
    } catch (error) {
      this.#answerError(id, toWireError(error, this.#logger));
    }
  }

  #answerViolation(id: string | undefined, problem: string): void {
    this.#answerError(id, { code: 'invalid_message', message: problem });
    if (this.#violations.count()) {
      this.close(CloseCode.protocolViolation, 'too many invalid messages', 'protocol-violation');
    }
  }

  #answerError(id: string | undefined, error: WireError): void {
    this.#send(id === undefined ? { type: 'error', error } : { type: 'response', id, ok: false, error });
  }

  #send(message: ServerMessage): void {
    if (this.isClosed) return;
    this.#link.send(JSON.stringify(message));
    if (this.#link.unsentBytes > this.#limits.maxUnsentBytes) {
      this.close(CloseCode.silent, 'you read too slowly', 'unresponsive');
    }
  }
}
