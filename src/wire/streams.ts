/** Wires streaming sessions: one source, many operators, on sockets of the one listener. */
import type { Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../db/index.ts';
import type { OriginCheck } from '../http/index.ts';
import type { Logger } from '../observability/index.ts';
import { StreamingSessions } from '../streaming-sessions/index.ts';

export interface StreamsWireDeps {
  readonly config: Config;
  readonly database: Database;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

export function wireStreams({ config, ...deps }: StreamsWireDeps): Promise<StreamingSessions> {
  return StreamingSessions.create({
    config: config.streams,
    publicBaseUrl: config.http.publicBaseUrl,
    ...deps,
  });
}
