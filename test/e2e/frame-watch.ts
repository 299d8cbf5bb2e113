/** When each piece of media on a page showed its first frame. */
import type { Page } from 'playwright-core';

export interface FirstFrame {
  /** Another one for each media track that was ever shown. */
  readonly media: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Watch {
  firstFrames: FirstFrame[];
}

const POLLING_MS = 20;
const OTHERS = 'article[data-source=camera]:not([data-self]) video';

/** Call it before the page is opened. Looks at the pictures of others only. */
export async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(
    ({ pollingMs, others }) => {
      const watch: Watch = Object.assign(window, { firstFrames: [] });
      const seen = new WeakMap<MediaStreamTrack, { framesBefore: number; media?: number }>();
      let count = 0;
      setInterval(() => {
        for (const video of document.querySelectorAll<HTMLVideoElement>(others)) {
          const track =
            video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks()[0] : undefined;
          if (!track) continue;
          const { totalVideoFrames } = video.getVideoPlaybackQuality();
          const known = seen.get(track) ?? { framesBefore: totalVideoFrames };
          seen.set(track, known);
          if (known.media !== undefined || totalVideoFrames <= known.framesBefore) continue;
          count += 1;
          known.media = count;
          watch.firstFrames.push({ media: count, at: Date.now() });
        }
      }, pollingMs);
    },
    { pollingMs: POLLING_MS, others: OTHERS },
  );
}

export function firstFrames(page: Page): Promise<FirstFrame[]> {
  return page.evaluate(() => (window as unknown as Watch).firstFrames);
}
