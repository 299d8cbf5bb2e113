/** Plays a file of a recording in a page, as somebody would who looks at it. */
import type { Page } from 'playwright-core';
import { BLOCK, COUNTER_BITS, HEIGHT, WIDTH } from '../support/media/test-card.ts';

export interface Played {
  /** Seconds. */
  readonly duration: number;
  /** Seconds that were played before the seek. */
  readonly playedTo: number;
  /** Of the frame that is shown at the moment that was sought. */
  readonly number: number;
}

/** From the beginning, then from a moment on, in seconds. Rejects with what the browser says when it cannot. */
export async function playAndSeek(page: Page, link: string, seekTo: number): Promise<Played> {
  // A page of the same origin may look at the pixels.
  await page.goto(new URL('/health', link).href);
  const card = { width: WIDTH, height: HEIGHT, block: BLOCK, bits: COUNTER_BITS };
  return page.evaluate(play, { link, seekTo, card });
}

interface Request {
  readonly link: string;
  readonly seekTo: number;
  readonly card: {
    readonly width: number;
    readonly height: number;
    readonly block: number;
    readonly bits: number;
  };
}

/** Self-contained: Playwright sends its text to the page. */
async function play({ link, seekTo, card }: Request): Promise<Played> {
  const video = document.createElement('video');
  document.body.append(video);
  const failed = new Promise<never>((_, reject) => {
    video.onerror = () => reject(new Error(video.error?.message ?? 'the video failed'));
  });
  const when = (event: string) =>
    Promise.race([failed, new Promise((resolve) => video.addEventListener(event, resolve, { once: true }))]);
  video.src = link;
  await when('canplay');
  const { duration } = video;
  await video.play();
  while (video.currentTime < 0.3) await when('timeupdate');
  video.pause();
  const playedTo = video.currentTime;
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  video.currentTime = seekTo;
  await when('seeked');
  await shown;
  const canvas = document.createElement('canvas');
  canvas.width = card.width;
  canvas.height = card.height;
  const context = canvas.getContext('2d');
  context?.drawImage(video, 0, 0, card.width, card.height);
  let number = 0;
  for (let bit = 0; bit < card.bits; bit += 1) {
    const pixel = context?.getImageData((bit + 0.5) * card.block, card.height - 1.5 * card.block, 1, 1).data;
    if ((pixel?.[0] ?? 0) > 150) number += 2 ** bit;
  }
  return { duration, playedTo, number };
}
