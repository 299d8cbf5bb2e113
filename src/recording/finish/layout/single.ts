/** The picture of one publisher in the whole frame, without a name on it: nothing while there is none, a grid while there are several. */
import type { Story } from '../story.ts';
import { arrangeGrid, type Size } from './arrange.ts';
import { type CutOptions, cutScenes, type Scene } from './cut-scenes.ts';
import { currentOf, picturesOf } from './pictures.ts';

/** No scenes when nothing was ever to be seen. */
export function layOutSingle(story: Story, options: CutOptions & Size): Scene[] {
  const { width, height } = options;
  const pictures = story.tracks.filter(({ kind }) => kind === 'video').flatMap(picturesOf);
  if (pictures.length === 0) return [];
  return cutScenes(pictures, options, (atMs) => {
    const shown = currentOf(pictures, atMs);
    return arrangeGrid(shown.length, { width, height }).flatMap((box, index) => {
      const picture = shown[index];
      return picture ? [{ name: '', segment: picture.segment, box }] : [];
    });
  });
}
