/** The sessions of one protocol by their ids, and how many there may be. A session is forgotten when its participant leaves. */
import type { Identity } from '../auth/index.ts';
import { AppError } from '../lib/index.ts';
import type { IngestSession } from './session.ts';

const RETRY_AFTER_SECONDS = 5;

export class IngestSessions<Session extends IngestSession = IngestSession> {
  readonly #max: number;
  readonly #sessions = new Map<string, Session>();
  #beginning = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Keeps what `make` makes. Rejects with `unavailable` when there are as many as there may be, and as `make` does. */
  async begin(make: () => Promise<Session>): Promise<Session> {
    if (this.#sessions.size + this.#beginning >= this.#max) {
      throw new AppError('unavailable', 'The server has as many of these sessions as it takes.', 'server', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#beginning += 1;
    try {
      const session = await make();
      if (session.isOver)
        throw new AppError('unavailable', 'The session has ended already.', 'server', {
          retryAfterSeconds: 1,
        });
      this.#sessions.set(session.id, session);
      session.participant.events.on('closed', () => this.#sessions.delete(session.id));
      return session;
    } finally {
      this.#beginning -= 1;
    }
  }

  /** Throws `session_not_found`: of those of others nobody is told that they exist. */
  find(identity: Identity, id: string): Session {
    const session = this.#sessions.get(id);
    if (session?.isOwnedBy(identity)) return session;
    throw new AppError('session_not_found', 'There is no such session; it may have ended.');
  }
}
