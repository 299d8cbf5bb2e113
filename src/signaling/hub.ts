/** All open sessions: opens them, looks after the silent ones, and closes them when the server stops. */
import type { Identity } from '../auth/index.ts';
import type { Explain } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { CloseCode } from '../protocol/index.ts';
import { dispatch } from './dispatch.ts';
import type { SignalingServices } from './handlers/handler.ts';
import type { Link } from './link.ts';
import { Rounds } from './rounds.ts';
import { Session, type SessionLimits } from './session.ts';

export interface HubOptions {
  readonly services: SignalingServices;
  readonly limits: SessionLimits & {
    /** A socket from which nothing comes for this long, not even a pong, is closed; in milliseconds. */
    readonly idleTimeoutMs: number;
  };
  readonly explain?: Explain;
  readonly logger: Logger;
}

export class SignalingHub {
  readonly #options: HubOptions;
  readonly #sessions = new Set<Session>();
  readonly #rounds = new Rounds();
  readonly #sweep: Timer;
  #isClosed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#lookAfterSilent(), options.limits.idleTimeoutMs / 4);
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(identity: Identity, link: Link): Session {
    const { services, limits, explain, logger } = this.#options;
    const session = new Session({
      identity,
      link,
      limits,
      rounds: this.#rounds,
      handle: (speaker, message) => dispatch(speaker, message, services),
      explain,
      logger: logger.child({ userId: identity.userId }),
    });
    this.#sessions.add(session);
    // The listener closes last: who comes until then is told at once to come again.
    if (this.#isClosed) this.#close(session);
    return session;
  }

  /** The socket of this session is gone. */
  disconnected(session: Session, wasOnPurpose: boolean): void {
    this.#sessions.delete(session);
    session.disconnected(wasOnPurpose);
  }

  /** Tells everyone in a call that the server stops soon. */
  announceDraining(secondsLeft: number): void {
    for (const session of this.#sessions) session.tell({ type: 'server-draining', data: { secondsLeft } });
  }

  /** Closes every socket; clients are told to connect again. Twice is no error. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const session of [...this.#sessions]) this.#close(session);
    this.#rounds.close();
  }

  #close(session: Session): void {
    this.#sessions.delete(session);
    session.close(CloseCode.serverRestarting, 'the server restarts', 'disconnected');
  }

  #lookAfterSilent(): void {
    const { idleTimeoutMs } = this.#options.limits;
    for (const session of [...this.#sessions]) {
      if (session.silentForMs > idleTimeoutMs) {
        session.closeSilent();
      } else if (session.silentForMs > idleTimeoutMs / 2) {
        session.ping();
      }
    }
  }
}
