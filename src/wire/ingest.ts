/** Wires what brings media in and out over HTTP: WHIP and WHEP. */
import type { Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { Whep, Whip, whepRoutes, whipRoutes } from '../ingest/index.ts';
import type { Calls } from './calls.ts';

export interface IngestWireDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly calls: Pick<Calls, 'service' | 'registry' | 'recordings' | 'iceServersFor'>;
}

/** Its sessions end with their calls. */
export function wireIngest({ config, tokens, calls }: IngestWireDeps) {
  const deps = {
    calls: calls.service.doors,
    isLive: (roomId: string) => calls.registry.get(roomId) !== undefined,
    recorder: calls.recordings,
    iceServersFor: calls.iceServersFor,
  };
  const whip = new Whip(deps, { maxSessions: config.ingest.maxPublishers });
  const whep = new Whep(deps, { maxSessions: config.ingest.maxViewers });
  return { routes: [whipRoutes({ whip, tokens }), whepRoutes({ whep, tokens })] as const };
}
