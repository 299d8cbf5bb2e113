/** Wires what the server shows of live streams; their recorder belongs to the recordings, whose library has what it makes. */
import type { Feature, ServerParts } from './feature.ts';

export function wireLive({
  calls: { live, library },
  tokens,
}: Pick<ServerParts, 'calls' | 'tokens'>): Feature {
  return { routes: live.routes({ library, tokens }), start: () => live.start() };
}
