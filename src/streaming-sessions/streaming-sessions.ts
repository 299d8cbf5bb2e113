/** All of streaming sessions in one: opened with the server, closed with it. */
import type { Tokens } from '../auth/index.ts';
import type { StreamsConfig } from '../config/index.ts';
import type { Database } from '../db/index.ts';
import type { OriginCheck } from '../http/index.ts';
import type { Logger } from '../observability/index.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { Ledger } from './ledger.ts';
import { LiveSessions, type StreamStats } from './live/live-sessions.ts';
import { StreamingSessionRepository } from './repository.ts';
import { StreamingSessionsService } from './service.ts';
import { sessionsRoutes } from './sessions.routes.ts';
import { streamRoutes } from './stream.routes.ts';
import { Upkeep } from './upkeep.ts';

export interface StreamingSessionsOptions {
  readonly config: StreamsConfig;
  readonly publicBaseUrl: string | undefined;
  readonly database: Database;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

type Routes = readonly [ReturnType<typeof sessionsRoutes>, ReturnType<typeof streamRoutes>];

export class StreamingSessions {
  readonly routes: Routes;
  readonly #live: LiveSessions;
  readonly #ledger: Ledger;
  readonly #upkeep: Upkeep;

  /** From then on, sources of an earlier run have their time to come back. */
  static async create(options: StreamingSessionsOptions): Promise<StreamingSessions> {
    const { config, database, logger } = options;
    const repository = new StreamingSessionRepository(database.orm);
    const ledger = new Ledger(repository, logger);
    const live = new LiveSessions(config, ledger);
    try {
      const { idleTimeoutMs } = config;
      const upkeep = await Upkeep.create({ repository, live, idleTimeoutMs, logger });
      return new StreamingSessions(options, { repository, ledger, live, upkeep });
    } catch (error) {
      live.close();
      throw error;
    }
  }

  private constructor(
    { config, publicBaseUrl, tokens, isAllowedOrigin, logger }: StreamingSessionsOptions,
    parts: { repository: StreamingSessionRepository; ledger: Ledger; live: LiveSessions; upkeep: Upkeep },
  ) {
    const { repository, live } = parts;
    this.#live = live;
    this.#ledger = parts.ledger;
    this.#upkeep = parts.upkeep;
    const service = new StreamingSessionsService({ repository, live, logger });
    const { needsAuth, wsBaseUrl } = config;
    const doorkeeper = new Doorkeeper({ repository, live, tokens, isAllowedOrigin, needsAuth });
    this.routes = [
      sessionsRoutes({ service, tokens, publicBaseUrl, wsBaseUrl }),
      streamRoutes({ doorkeeper, live }),
    ];
  }

  get stats(): StreamStats {
    return this.#live.stats;
  }

  /** Closes every socket (1012), and writes down what is not written yet. The sessions go on with the next run. */
  async close(): Promise<void> {
    this.#live.close();
    await this.#upkeep.close();
    await this.#ledger.idle();
  }
}
