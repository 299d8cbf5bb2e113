/** The row of one phone call that lives: what is true of it now, and what is written down of that. */
import type { PhoneCallRow } from '../../db/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { PhoneCallRepository } from '../repository.ts';
import { type PhoneCallStep, transition } from './status.ts';

/** A database that is away comes back, or the look of the service writes it down later. */
const SAVE_ATTEMPTS_MS = [0, 500, 2_000];

export class CallRow {
  readonly #repository: PhoneCallRepository;
  readonly #logger: Logger;
  #now: PhoneCallRow;

  constructor(
    row: PhoneCallRow,
    { repository, logger }: { readonly repository: PhoneCallRepository; readonly logger: Logger },
  ) {
    this.#now = row;
    this.#repository = repository;
    this.#logger = logger;
  }

  get now(): PhoneCallRow {
    return this.#now;
  }

  /** True from now on, and not written down before the next step. */
  note(change: Partial<PhoneCallRow>): void {
    this.#now = { ...this.#now, ...change };
  }

  /** Rejects when it cannot be written down; it is true all the same. */
  async write(change: Partial<PhoneCallRow>): Promise<void> {
    this.note(change);
    await this.#repository.save(this.#now.id, change);
  }

  /** Whether the step leads to another state; what is to be said with it is true either way. Never rejects. */
  async step(step: PhoneCallStep, more: Partial<PhoneCallRow> = {}): Promise<boolean> {
    const next = transition(this.#now, step);
    this.note({ ...more, ...next });
    // With the session: what could not be written down before is now.
    const { id, sessionId, status, endReason, duration } = this.#now;
    if (next || Object.keys(more).length > 0) await this.#save({ sessionId, ...more, ...next });
    if (!next) return false;
    const facts = { callId: id, status, ...(endReason && { reason: endReason, durationSeconds: duration }) };
    this.#logger.info(facts, 'a phone call changed');
    return true;
  }

  /** What cannot be written down now is found by the next look of the service: nobody sees the row any more. */
  async #save(change: Partial<PhoneCallRow>): Promise<void> {
    const { id } = this.#now;
    for (const [attempt, waitMs] of SAVE_ATTEMPTS_MS.entries()) {
      if (waitMs > 0) await Bun.sleep(waitMs);
      try {
        await this.#repository.save(id, change);
        return;
      } catch (error) {
        const facts = { err: error, callId: id, attempt: attempt + 1 };
        this.#logger.warn(facts, 'a phone call could not be written down');
      }
    }
  }
}
