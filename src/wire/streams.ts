/** Wires streaming sessions: one source, many operators, on sockets of the one listener. */
import { StreamingSessions } from '../streaming-sessions/index.ts';
import type { ServerParts } from './feature.ts';

export function wireStreams({
  config,
  database,
  tokens,
  isAllowedOrigin,
  logger,
}: Pick<
  ServerParts,
  'config' | 'database' | 'tokens' | 'isAllowedOrigin' | 'logger'
>): Promise<StreamingSessions> {
  return StreamingSessions.create({
    config: config.streams,
    publicBaseUrl: config.http.publicBaseUrl,
    database,
    tokens,
    isAllowedOrigin,
    logger,
  });
}
