/** What every capture of one recording works with. */
import type { Slots } from '../../lib/index.ts';
import type { PortPairs, Publication, TapEndpoint } from '../../media/index.ts';
import type { FolderSpace } from './folder-space.ts';
import type { Timeline } from './timeline.ts';
import type { Troubles } from './troubles.ts';

export interface CaptureTools {
  readonly endpoint: TapEndpoint;
  readonly ports: PortPairs;
  readonly timeline: Timeline;
  readonly space: FolderSpace;
  readonly troubles: Troubles;
  /** Bounds how many readers start at once, over all recordings. */
  readonly starts: Slots;
  /** Absolute; where the segments go. */
  readonly folder: string;
  /** A name that no other file of the folder has. */
  readonly nextSegmentName: (publication: Publication) => string;
}
