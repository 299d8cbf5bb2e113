/** Wires what brings media in and out over HTTP: WHIP and WHEP. */
import type { Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { Whip, whipRoutes } from '../ingest/index.ts';
import type { Calls } from './calls.ts';

export interface IngestWireDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly calls: Pick<Calls, 'service' | 'recordings' | 'iceServersFor'>;
}

/** Its sessions end with their calls. */
export function wireIngest({ config, tokens, calls }: IngestWireDeps) {
  const { service, recordings: recorder, iceServersFor } = calls;
  const whip = new Whip(
    { calls: service, recorder, iceServersFor },
    { maxSessions: config.ingest.maxPublishers },
  );
  return { whip, routes: [whipRoutes({ whip, tokens })] as const };
}
