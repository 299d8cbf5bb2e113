/** Which right a source of media comes under. */
import type { Permissions, TrackSource } from '../protocol/index.ts';

/** The sound of a screen comes under the right to share the screen. */
export function mayPublish(permissions: Permissions, source: TrackSource): boolean {
  return permissions.publish.includes(source === 'screen-audio' ? 'screen' : source);
}
