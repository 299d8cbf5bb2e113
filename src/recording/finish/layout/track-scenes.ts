/** One track by itself over the whole recording: its picture where it has one, nothing where it has none. */
import type { StoryTrack } from '../story.ts';
import type { Size } from './arrange.ts';
import { type CutOptions, cutScenes, type Scene } from './cut-scenes.ts';
import { currentOf, picturesOf } from './pictures.ts';

export function layOutTrack(track: StoryTrack, options: CutOptions & Size): Scene[] {
  const { width, height } = options;
  const pictures = picturesOf(track);
  return cutScenes(pictures, options, (atMs) =>
    currentOf(pictures, atMs).map(({ segment }) => ({
      name: '',
      segment,
      box: { x: 0, y: 0, width, height },
    })),
  );
}
