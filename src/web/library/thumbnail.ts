/** The picture of a recording, by a link that is asked for once the recording has one. */
import type { Recording } from '../../client/index.ts';
import { h, type View } from '../dom.ts';
import { icon } from '../icons.ts';
import { thumbnailOf } from './describe.ts';
import type { Links } from './links.ts';

export function createThumbnail(links: Links): View<Recording> {
  const image = h('img', { alt: '', hidden: true, decoding: 'async' });
  const element = h('span', { class: 'thumbnail' }, icon('film'), image);
  let shown: string | undefined;
  image.addEventListener('load', () => {
    image.hidden = false;
  });
  return {
    element,
    update(recording) {
      const name = thumbnailOf(recording)?.name;
      if (name === shown) return;
      shown = name;
      image.hidden = true;
      if (name === undefined) return;
      links.urlOf(recording.id, name).then(
        (url) => {
          if (shown === name) image.src = url;
        },
        // It is only a picture; what is asked for next with the same link tells what is wrong.
        () => undefined,
      );
    },
  };
}
