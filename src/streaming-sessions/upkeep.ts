/** Looks after sessions that nobody is connected to: those of an earlier run, and those whose source never comes. */
import { type Logger, runInBackground } from '../observability/index.ts';
import type { LiveSessions } from './live/live-sessions.ts';
import type { StreamingSessionRepository } from './repository.ts';

export interface UpkeepDeps {
  readonly repository: StreamingSessionRepository;
  readonly live: LiveSessions;
  readonly idleTimeoutMs: number;
  readonly logger: Logger;
}

const LONGEST_INTERVAL_MS = 60_000;

export class Upkeep {
  readonly #deps: UpkeepDeps;
  readonly #timer: Timer;
  #sweeping: Promise<void> | undefined;

  /** Gives the sources of the last run their time to come back, and begins to sweep. */
  static async create(deps: UpkeepDeps): Promise<Upkeep> {
    for (const id of await deps.repository.findActiveIds()) deps.live.awaitSource(id);
    return new Upkeep(deps);
  }

  private constructor(deps: UpkeepDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#begin(), Math.min(deps.idleTimeoutMs / 4, LONGEST_INTERVAL_MS));
  }

  /** Resolves when the sweep that runs has ended. Twice is no error. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  #begin(): void {
    if (this.#sweeping) return;
    const sweep = this.#sweep();
    runInBackground(sweep, 'finishing streaming sessions that were never used', this.#deps.logger);
    const done = () => {
      this.#sweeping = undefined;
    };
    this.#sweeping = sweep.then(done, done);
  }

  async #sweep(): Promise<void> {
    const { repository, live, idleTimeoutMs, logger } = this.#deps;
    const at = new Date();
    const ids = await repository.finishUnused(new Date(at.getTime() - idleTimeoutMs), {
      reason: 'never-used',
      at,
      // That they are used may not be written yet, or could not be written at all.
      except: live.startedIds,
    });
    for (const id of ids) {
      live.finish(id, 'never-used');
      logger.info({ sessionId: id, reason: 'never-used' }, 'streaming session finished');
    }
  }
}
