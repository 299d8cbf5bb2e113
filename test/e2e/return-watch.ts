/** When the pictures of others come back on a page after they have stood still, over whichever connection and track. */
import type { Page } from 'playwright-core';

interface Watch {
  frameTimes: Record<string, number[]>;
}

const POLLING_MS = 20;
const OTHERS = 'article[data-source=camera]:not([data-self])';

/** From now on. */
export async function watchReturn(page: Page): Promise<void> {
  await page.evaluate(
    ({ pollingMs, others }) => {
      const holder = window as unknown as Partial<Watch>;
      const isWatched = holder.frameTimes !== undefined;
      holder.frameTimes = {};
      if (isWatched) return;
      const counts = new WeakMap<HTMLVideoElement, number>();
      setInterval(() => {
        for (const tile of document.querySelectorAll<HTMLElement>(others)) {
          const video = tile.querySelector('video');
          if (!video) continue;
          const { totalVideoFrames } = video.getVideoPlaybackQuality();
          const times = (holder.frameTimes as Watch['frameTimes'])[tile.dataset.userId ?? ''] ?? [];
          if (counts.get(video) !== totalVideoFrames) times.push(Date.now());
          counts.set(video, totalVideoFrames);
          Object.assign(holder.frameTimes as Watch['frameTimes'], { [tile.dataset.userId ?? '']: times });
        }
      }, pollingMs);
    },
    { pollingMs: POLLING_MS, others: OTHERS },
  );
}

/** By user, when the longest time without a frame ended, in milliseconds since 1970. */
export async function returnTimes(page: Page): Promise<Record<string, number>> {
  const all = await page.evaluate(() => (window as unknown as Watch).frameTimes);
  return Object.fromEntries(
    Object.entries(all).map(([userId, times]) => {
      const ends = times.slice(1).map((at, index) => ({ at, gap: at - times[index]! }));
      return [userId, ends.toSorted((a, b) => b.gap - a.gap)[0]?.at ?? Number.POSITIVE_INFINITY];
    }),
  );
}
