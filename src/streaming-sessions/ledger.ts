/** Writes down what live sessions do, in its order and behind their back: no frame ever waits for the database. */
import { KeyedQueue, retry } from '../lib/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { FinishReason } from './live/live-session.ts';
import type { SessionLedger } from './live/live-sessions.ts';
import type { StreamingSessionRepository } from './repository.ts';

/** About half a minute; what is not written then is found by the next run, or by the next who comes. */
const PATIENCE = { attempts: 8, firstDelayMs: 250 };

export class Ledger implements SessionLedger {
  readonly #repository: StreamingSessionRepository;
  readonly #logger: Logger;
  readonly #queue = new KeyedQueue<string>();

  constructor(repository: StreamingSessionRepository, logger: Logger) {
    this.#repository = repository;
    this.#logger = logger;
  }

  activated(sessionId: string): void {
    this.#logger.info({ sessionId }, 'streaming session active');
    const startedAt = new Date();
    const write = this.#write(sessionId, () => this.#repository.activate(sessionId, startedAt));
    runInBackground(write, 'noting that a streaming session is active', this.#logger);
  }

  finished(sessionId: string, reason: FinishReason): void {
    this.#logger.info({ sessionId, reason }, 'streaming session finished');
    const finishedAt = new Date();
    const write = this.#write(sessionId, () => this.#repository.finish(sessionId, reason, finishedAt));
    runInBackground(write, 'noting that a streaming session is finished', this.#logger);
  }

  /** Resolves when everything given so far is written, or given up. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #write(sessionId: string, write: () => Promise<void>): Promise<void> {
    return this.#queue.run(sessionId, () => retry(write, PATIENCE));
  }
}
