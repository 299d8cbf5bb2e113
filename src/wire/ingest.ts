/** Wires what brings media in and out over HTTP: WHIP and WHEP. */
import { Whep, Whip, whepRoutes, whipRoutes } from '../ingest/index.ts';
import type { Feature, ServerParts } from './feature.ts';

/** Its sessions end with their calls. */
export function wireIngest({
  config,
  tokens,
  calls,
}: Pick<ServerParts, 'config' | 'tokens' | 'calls'>): Feature {
  const deps = {
    calls: calls.service.doors,
    isLive: (roomId: string) => calls.registry.get(roomId) !== undefined,
    recorder: calls.recordings,
    iceServersFor: calls.iceServersFor,
  };
  const whip = new Whip(deps, { maxSessions: config.ingest.maxPublishers });
  const whep = new Whep(deps, { maxSessions: config.ingest.maxViewers });
  return { routes: [whipRoutes({ whip, tokens }), whepRoutes({ whep, tokens })] };
}
