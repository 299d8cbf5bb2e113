/** A browser publishes over a network that loses and reorders packets; another one watches, and the recorder records. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { newId, Slots } from '../../src/lib/index.ts';
import { PortPairs } from '../../src/media/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { CallCapture, readTimeline } from '../../src/recording/capture/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { freeUdpPort } from '../support/free-port.ts';
import { LossyProxy } from '../support/lossy-proxy.ts';
import { readFrames, readSizes } from '../support/media/read-media.ts';
import { startTestServer } from '../support/server.ts';
import { showNumbers, showStill, writeDownNumbers } from './counting-page.ts';

export interface Network {
  readonly loss: number;
  readonly delayMs: number;
  readonly seconds: number;
  /** How many times larger than 320 by 180 the picture is: with 2 there are two simulcast layers, with 1 there is one. */
  readonly scale: number;
  readonly codec?: 'vp8' | 'vp9' | 'h264';
}

export interface LossyRecording {
  /** Frames that the viewer decoded, from the first to the last of which the file may know. */
  readonly watched: number;
  /** How many of these are in the file. */
  readonly recorded: number;
  /** From one frame to the next: of the file, and of the viewer. */
  readonly longestFreezeSeconds: number;
  readonly longestViewerFreezeSeconds: number;
  /** For how long the viewer decoded frames of which the file has none. */
  readonly longestMissSeconds: number;
  readonly segments: number;
  /** Packets that the recorder's reader missed. */
  readonly missed: number;
  readonly lost: number;
  readonly sizes: readonly string[];
}

const PUBLISHER = 'publisher';

interface Watched {
  seen: { number: number; at: number }[];
}

export async function recordLossy(network: Network): Promise<LossyRecording> {
  const { loss, delayMs, seconds, scale, codec = 'vp8' } = network;
  const targetPort = await freeUdpPort();
  const proxy = await LossyProxy.create({ targetPort, loss, delayMs, seed: 7 });
  const folder = await mkdtemp(join(tmpdir(), 'kaa-lossy-'));
  const server = await startTestServer({
    env: { WEBRTC_PORT: String(targetPort) },
  });
  const browser = await launchBrowser();
  const enter = async (userId: string, prepare: (page: Page) => Promise<unknown>) => {
    const page = await browser.newPage();
    await prepare(page);
    await page.goto(`${server.url}/call/lossy#token=${await server.token(userId)}`, { waitUntil: 'commit' });
    await page.fill('input[name=name]', userId);
    await page.waitForSelector('.preview [data-control=camera][data-look=plain]');
    await page.click('[data-action=join]');
    await page.waitForSelector('.call[data-connection=connected]');
    return page;
  };
  try {
    const published = { scale, proxyPort: proxy.port, codec };
    await enter(PUBLISHER, (page) => page.addInitScript(showNumbers, published));
    const viewer = await enter('viewer', async (page) => {
      await page.addInitScript(writeDownNumbers);
      await page.addInitScript(showStill);
    });
    await viewer.waitForFunction(() => (window as unknown as Watched).seen.length > 30, undefined, {
      timeout: 30_000,
    });
    const call = server.app.calls.registry.get('lossy');
    if (!call) throw new Error('there is no call');
    const capture = await CallCapture.create({
      call,
      recordingId: newId(),
      folder,
      ports: new PortPairs({ from: 45_000, to: 45_199 }),
      starts: new Slots(4),
      logger: createLogger({ level: 'warn', format: 'json', service: 'kaa-test' }),
    });
    await Bun.sleep(seconds * 1_000);
    const seen = await viewer.evaluate(() => (window as unknown as Watched).seen);
    await Bun.sleep(500);
    await capture.stop('stopped');
    return { ...(await compare(folder, seen)), lost: proxy.counts.lost };
  } finally {
    await browser.close();
    await server.close();
    proxy.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(folder: string, seen: Watched['seen']): Promise<Omit<LossyRecording, 'lost'>> {
  const entries = await readTimeline(join(folder, 'timeline.jsonl'));
  const camera = entries.find(
    (entry) => entry.type === 'track-added' && entry.userId === PUBLISHER && entry.kind === 'video',
  );
  const trackId = camera && 'trackId' in camera ? camera.trackId : undefined;
  const names = entries.flatMap((entry) =>
    entry.type === 'segment-opened' && entry.trackId === trackId ? [entry.segment] : [],
  );
  const files = await Promise.all(names.map((name) => readFrames(join(folder, name))));
  const sizes = await Promise.all(names.map((name) => readSizes(join(folder, name))));
  const frames = files.flat();
  const first = frames[0]?.number ?? Number.POSITIVE_INFINITY;
  const last = seen.at(-1)?.number ?? 0;
  const watchedFrames = seen.filter(({ number }) => number >= first);
  const watched = new Set(watchedFrames.map(({ number }) => number));
  const inFile = new Set(frames.map(({ number }) => number));
  const missed = entries.flatMap((entry) => (entry.type === 'packets-missed' ? [entry.packets] : []));
  const within = frames.filter(({ number }) => number <= last);
  return {
    watched: watched.size,
    recorded: [...watched].filter((number) => inFile.has(number)).length,
    longestFreezeSeconds: longestStep(within.map(({ at }) => at)),
    longestViewerFreezeSeconds: longestStep(watchedFrames.map(({ at }) => at)) / 1_000,
    longestMissSeconds: longestMiss(watchedFrames, inFile) / 1_000,
    segments: names.length,
    missed: missed.reduce((sum, packets) => sum + packets, 0),
    sizes: sizes.flat(),
  };
}

/** The longest time over which every frame that was decoded is missing in the file, in milliseconds. */
function longestMiss(watched: Watched['seen'], inFile: ReadonlySet<number>): number {
  let since: number | undefined;
  let longest = 0;
  for (const { number, at } of watched) {
    if (inFile.has(number)) since = undefined;
    else since ??= at;
    if (since !== undefined) longest = Math.max(longest, at - since);
  }
  return longest;
}

function longestStep(values: readonly number[]): number {
  return Math.max(0, ...values.slice(1).map((value, index) => value - values[index]!));
}
