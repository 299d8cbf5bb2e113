/**
 * One client's socket: who it is, which call it is in, and how it ends. It holds its participant while it is joined, and
 * leaves it behind for a while when the socket is lost.
 */
import type { Identity } from '../auth/index.ts';
import type { Call } from '../engine/index.ts';
import { AppError, type Explain, type Unsubscribe } from '../lib/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import { type CallEvent, CloseCode, type LeaveReason, type WireError } from '../protocol/index.ts';
import { toWireError } from './errors.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { Inbox, type InboxLimits, type InboxOwner } from './inbox.ts';
import { Later } from './later.ts';
import type { Link } from './link.ts';
import type { Holder, Membership } from './memberships.ts';
import type { ClientMessage } from './parse.ts';
import { type Presence, presenceIn } from './presence.ts';
import type { Rounds } from './rounds.ts';
import { type Answer, Voice } from './voice.ts';

export interface SessionLimits extends InboxLimits {
  /** Bytes that may wait for a client which does not read. */
  readonly maxUnsentBytes: number;
  /** How long a participant whose socket is lost is kept, in milliseconds. */
  readonly reconnectGraceMs: number;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly call: Call }
  | { readonly kind: 'joined'; readonly membership: Membership; readonly release: Unsubscribe }
  /** The socket is lost; the membership waits for another session to take it over. */
  | { readonly kind: 'lost'; readonly membership: Membership; readonly lastSeen: Presence }
  | { readonly kind: 'closed' };

export interface SessionOptions {
  readonly identity: Identity;
  readonly link: Link;
  readonly limits: SessionLimits;
  readonly rounds: Rounds;
  /** Does what a message asks; what it throws is answered as an error. */
  readonly handle: (session: Session, message: ClientMessage) => Promise<Answer | Later<Answer>>;
  readonly explain: Explain | undefined;
  readonly logger: Logger;
}

/** How a socket closes when its participant ends; a reason that is not here leaves it open. */
const CLOSE_ON_LEAVE: Partial<Record<LeaveReason, { code: number; reason: string }>> = {
  replaced: { code: CloseCode.replaced, reason: 'you joined from somewhere else' },
  removed: { code: CloseCode.removed, reason: 'you were removed from the call' },
  'call-ended': { code: CloseCode.callEnded, reason: 'the call has ended' },
};

export class Session implements InboxOwner, Holder {
  readonly #link: Link;
  readonly #limits: SessionLimits;
  readonly #handleMessage: SessionOptions['handle'];
  readonly #explain: Explain | undefined;
  readonly #logger: Logger;
  readonly #inbox: Inbox;
  readonly #voice: Voice;
  readonly #expiry: ExpiryWatch;
  #identity: Identity;
  #state: State = { kind: 'idle' };
  #lastHeardAt = performance.now();

  constructor(options: SessionOptions) {
    this.#identity = options.identity;
    this.#link = options.link;
    this.#limits = options.limits;
    this.#handleMessage = options.handle;
    this.#explain = options.explain;
    this.#logger = options.logger;
    this.#inbox = new Inbox(this, options.limits, options.logger);
    this.#voice = new Voice({
      link: options.link,
      rounds: options.rounds,
      maxUnsentBytes: options.limits.maxUnsentBytes,
      onOverflow: () => this.close(CloseCode.silent, 'you read too slowly', 'unresponsive'),
    });
    this.#expiry = new ExpiryWatch(options.identity.expiresAt, {
      onExpiring: (expiresAt) =>
        this.#announce({ type: 'token-expiring', data: { expiresAt: expiresAt.toISOString() } }),
      onExpired: () => this.close(CloseCode.unauthenticated, 'the token has expired', 'token-expired'),
    });
  }

  /** Who is on it, by the last token that it gave. */
  get identity(): Identity {
    return this.#identity;
  }

  /** Whether nothing can be sent any more. */
  get isClosed(): boolean {
    return this.#state.kind === 'closed' || this.#state.kind === 'lost';
  }

  get membership(): Membership | undefined {
    return this.#state.kind === 'joined' || this.#state.kind === 'lost' ? this.#state.membership : undefined;
  }

  get lastSeen(): Presence | undefined {
    return this.#state.kind === 'lost' ? this.#state.lastSeen : undefined;
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

  /** Takes one frame from the socket. Never throws. */
  receive(frame: string | Uint8Array): void {
    if (this.isClosed) return;
    this.heard();
    this.#inbox.receive(frame);
  }

  /** Another token of the same user took the place of the last one. */
  renew(identity: Identity): void {
    if (this.isClosed) return;
    this.#identity = identity;
    this.#expiry.renew(identity.expiresAt);
  }

  /** Throws unless the session could enter a call now: `already_joined`, or `invalid_state` when its socket is gone. */
  demandFree(): void {
    if (this.isClosed) throw new AppError('invalid_state', 'The socket has closed.');
    if (this.#state.kind !== 'idle') {
      throw new AppError('already_joined', 'This socket is in a call already; leave it first.');
    }
  }

  waitFor(call: Call): void {
    this.#state = { kind: 'waiting', call };
  }

  stopWaiting(): void {
    if (this.#state.kind === 'waiting') this.#state = { kind: 'idle' };
  }

  /** Enters a call. The socket ends with what the end of the participant means. */
  enter(membership: Membership): void {
    const { participant, endpoint } = membership;
    const unsubscribe = [
      endpoint.events.on('told', (event) => this.tell(event)),
      participant.events.on('closed', (reason) => this.#participantClosed(reason)),
    ];
    const release = () => {
      for (const stop of unsubscribe) stop();
    };
    this.#state = { kind: 'joined', membership, release };
  }

  /** Leaves this call or its lobby; the socket stays open. False when it was in neither. */
  leave(roomId: string): boolean {
    if (this.#roomId !== roomId) return false;
    this.#leave('left');
    return true;
  }

  release(): void {
    if (this.#state.kind === 'joined') this.#state.release();
    const wasOpen = !this.isClosed;
    this.#end();
    if (wasOpen) this.#hangUp(CloseCode.replaced, 'you resumed from somewhere else');
  }

  /** Sends an event of the call; nothing when the session is in none. */
  tell(event: CallEvent): void {
    if (this.#roomId !== undefined) this.#announce(event);
  }

  /** Ends the session from our side: leaves the call, then closes the socket. Twice is no error. */
  close(code: number, reason: string, leaveReason: LeaveReason): void {
    if (this.isClosed) return;
    this.#leave(leaveReason);
    this.#end();
    // Last, because the socket says at once that it is gone.
    this.#hangUp(code, reason);
  }

  /** Nothing was heard for too long: the socket is closed, and who was on it may resume. */
  closeSilent(): void {
    if (this.isClosed) return;
    this.#lose('unresponsive');
    this.#hangUp(CloseCode.silent, 'nothing was heard from you');
  }

  /** The socket is gone: on purpose, and then its participant has left, or not, and then it may resume. */
  disconnected(wasOnPurpose: boolean): void {
    this.#voice.clear();
    if (this.isClosed) return;
    if (!wasOnPurpose) {
      this.#lose('disconnected');
      return;
    }
    this.#leave('disconnected');
    this.#end();
  }

  async handle(message: ClientMessage): Promise<void> {
    try {
      const answer = await this.#handleMessage(this, message);
      if (answer instanceof Later)
        runInBackground(this.#answerLater(message, answer), 'a late answer', this.#logger);
      else this.#answer(message.id, answer);
    } catch (error) {
      this.refuse(message.id, toWireError(error, this.#logger, this.#explain));
    }
  }

  refuse(id: string | undefined, error: WireError): void {
    if (!this.isClosed) this.#voice.refuse(id, error);
  }

  /** Says it in a call or not. */
  #announce(event: CallEvent): void {
    if (!this.isClosed) this.#voice.announce(event, this.#roomId);
  }

  get #roomId(): string | undefined {
    if (this.#state.kind === 'joined') return this.#state.membership.call.roomId;
    return this.#state.kind === 'waiting' ? this.#state.call.roomId : undefined;
  }

  async #answerLater({ id }: ClientMessage, answer: Later<Answer>): Promise<void> {
    try {
      this.#answer(id, await answer.promise);
    } catch (error) {
      this.refuse(id, toWireError(error, this.#logger, this.#explain));
    }
  }

  #answer(id: string | undefined, data: Answer): void {
    if (!this.isClosed) this.#voice.answer(id, data);
  }

  #participantClosed(reason: LeaveReason): void {
    this.#state = { kind: 'idle' };
    const closing = CLOSE_ON_LEAVE[reason];
    if (closing) this.close(closing.code, closing.reason, reason);
  }

  #leave(reason: LeaveReason): void {
    const state = this.#state;
    if (state.kind === 'idle') return;
    if (!this.isClosed) this.#state = { kind: 'idle' };
    if (state.kind === 'waiting') state.call.lobby.settle(this.#identity.userId, 'gone');
    if (state.kind === 'joined') {
      state.release();
      state.membership.participant.close(reason);
    }
  }

  #lose(reason: LeaveReason): void {
    if (this.#state.kind !== 'joined') {
      this.#leave(reason);
      this.#end();
      return;
    }
    const { membership, release } = this.#state;
    const { call, participant } = membership;
    // Whoever takes it over listens for themselves.
    release();
    this.#inbox.close();
    this.#expiry.close();
    this.#state = { kind: 'lost', membership, lastSeen: presenceIn(call, participant) };
    participant.loseConnection(this.#limits.reconnectGraceMs, reason);
  }

  #end(): void {
    this.#state = { kind: 'closed' };
    this.#inbox.close();
    this.#expiry.close();
  }

  /** What waits goes before. */
  #hangUp(code: number, reason: string): void {
    this.#voice.flush();
    this.#link.close(code, reason);
  }
}
