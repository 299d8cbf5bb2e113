/** What comes out of one socket: bounded, checked, and handled one message at a time in the order of arrival. */
import { QueueClosedError, SerialQueue } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { CloseCode, type LeaveReason, type WireError } from '../protocol/index.ts';
import { FloodGuard, type FloodLimits, ViolationCounter } from './guards.ts';
import { type ClientMessage, parseMessage } from './parse.ts';

export interface InboxLimits extends FloodLimits {
  /** Longest message in bytes, but for those that carry SDP. */
  readonly maxMessageBytes: number;
}

export interface InboxOwner {
  /** Handles and answers a message; must not reject. */
  handle(message: ClientMessage): Promise<void>;
  refuse(id: string | undefined, error: WireError): void;
  close(code: number, reason: string, leaveReason: LeaveReason): void;
}

export class Inbox {
  readonly #owner: InboxOwner;
  readonly #limits: InboxLimits;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #flood: FloodGuard;
  readonly #violations = new ViolationCounter();

  constructor(owner: InboxOwner, limits: InboxLimits, logger: Logger) {
    this.#owner = owner;
    this.#limits = limits;
    this.#logger = logger;
    this.#flood = new FloodGuard(limits);
  }

  /** Takes one frame. Never throws: what is wrong with it is answered. */
  receive(frame: string | Uint8Array): void {
    const verdict = this.#flood.judge();
    if (verdict === 'close') {
      this.#owner.close(CloseCode.flooding, 'too many messages', 'flooding');
      return;
    }
    const parsed = parseMessage(frame, this.#limits.maxMessageBytes);
    if (parsed.kind === 'too-long') {
      this.#owner.close(CloseCode.tooLong, 'the message is too long', 'protocol-violation');
    } else if (verdict === 'refuse') {
      const id = parsed.kind === 'message' ? parsed.message.id : parsed.id;
      this.#owner.refuse(id, { code: 'rate_limited', message: 'Too many messages; slow down.' });
    } else if (parsed.kind === 'invalid') {
      this.#violated(parsed.id, parsed.problem);
    } else {
      this.#enqueue(parsed.message);
    }
  }

  /** What still waits is dropped. Twice is no error. */
  close(): void {
    void this.#queue.close();
  }

  #violated(id: string | undefined, problem: string): void {
    this.#owner.refuse(id, { code: 'invalid_message', message: problem });
    if (this.#violations.count()) {
      this.#owner.close(CloseCode.protocolViolation, 'too many invalid messages', 'protocol-violation');
    }
  }

  #enqueue(message: ClientMessage): void {
    this.#queue
      .run(() => this.#owner.handle(message))
      .catch((error: unknown) => {
        if (!(error instanceof QueueClosedError))
          this.#logger.error({ err: error }, 'a message was not answered');
      });
  }
}
