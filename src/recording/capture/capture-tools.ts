/** What every capture of one recording works with. */
import type { Slots } from '../../lib/index.ts';
import type { PortPairs, Publication, TapEndpoint } from '../../media/index.ts';
import type { Timeline } from './timeline.ts';

export interface CaptureTools {
  readonly endpoint: TapEndpoint;
  readonly ports: PortPairs;
  readonly timeline: Timeline;
  /** Bounds how many readers start at once, over all recordings. */
  readonly starts: Slots;
  /** Absolute; where the segments go. */
  readonly folder: string;
  /** A name that no other file of the folder has. */
  readonly nextSegmentName: (publication: Publication) => string;
}
