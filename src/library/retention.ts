/** Deletes recordings that are older than they may become. */
import type { Logger } from '../observability/index.ts';
import { runInBackground } from '../observability/index.ts';
import type { RecordingRepository } from './repository.ts';

export interface RetentionOptions {
  readonly repository: RecordingRepository;
  /** Resolves when nothing of the recording is left. */
  readonly remove: (id: string) => Promise<void>;
  /** 0: for ever. */
  readonly days: number;
  readonly logger: Logger;
}

const DAY_MS = 24 * 3_600_000;
const LOOK_INTERVAL_MS = 3_600_000;

export class Retention {
  readonly #options: RetentionOptions;
  #timer: Timer | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Looks at once, and every hour. */
  start(): void {
    if (this.#options.days === 0) return;
    const look = () => runInBackground(this.look(), 'deleting old recordings', this.#options.logger);
    this.#timer = setInterval(look, LOOK_INTERVAL_MS);
    look();
  }

  /** Gives the ids of what it deleted. One that cannot be deleted now is tried again the next time. */
  async look(now = new Date()): Promise<string[]> {
    const { repository, remove, days, logger } = this.#options;
    const oldest = new Date(now.getTime() - days * DAY_MS);
    const removed: string[] = [];
    for (const { id } of await repository.findOlderThan(oldest)) {
      try {
        await remove(id);
        removed.push(id);
        logger.info({ recordingId: id }, 'a recording was deleted: it was kept for as long as it may be');
      } catch (error) {
        logger.warn({ err: error, recordingId: id }, 'an old recording could not be deleted');
      }
    }
    return removed;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
