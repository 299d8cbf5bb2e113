/** `first-frame`: from pressing "join" to the first decoded picture of somebody who was there before, in Chromium. */
import type { Page } from 'playwright-core';
import { UndoStack } from '../src/lib/index.ts';
import { launchBrowser, type TestBrowser } from '../test/support/browser.ts';
import { type Benchmark, reading } from './benchmark.ts';
import { quantile } from './measure/statistics.ts';
import { type KaaProcess, startKaa } from './processes/kaa.ts';

interface Scale {
  readonly warmUps: number;
  readonly joins: number;
}

const FULL: Scale = { warmUps: 2, joins: 20 };
const SMOKE: Scale = { warmUps: 0, joins: 1 };

const ROOM_ID = 'first-frame';
const TIMEOUT_MS = 40_000;
/** Between two joins: the one before has left, and the publisher's encoder is at rest again. */
const PAUSE_MS = 1_000;

/** Of one join; milliseconds since the page sent `join`. */
interface Arrival {
  readonly joinedMs: number;
  readonly firstFrameMs: number;
}

export const firstFrame: Benchmark = {
  needsBrowser: true,
  findObstacle: async () => undefined,
  run: async ({ isSmoke, report }) => {
    const scale = isSmoke ? SMOKE : FULL;
    const undo = new UndoStack();
    try {
      const kaa = undo.add(await startKaa(), (made) => made.close());
      const browser = undo.add(await launchBrowser(), (made) => made.close());
      await enter(await browser.newPage(), kaa, 'publisher');
      const arrivals: Arrival[] = [];
      for (let index = 0; index < scale.warmUps + scale.joins; index += 1) {
        const arrival = await arrive(browser, kaa, `guest-${index}`);
        report(`first frame after ${arrival.firstFrameMs.toFixed(0)} ms`);
        if (index >= scale.warmUps) arrivals.push(arrival);
        await Bun.sleep(PAUSE_MS);
      }
      const frames = arrivals.map(({ firstFrameMs }) => firstFrameMs);
      return {
        rows: [
          reading({ name: 'join sent to first frame', unit: 'ms' }, frames),
          reading({ name: '95th percentile', unit: 'ms' }, [quantile(frames, 0.95)]),
          reading(
            { name: 'of it until joined', unit: 'ms' },
            arrivals.map(({ joinedMs }) => joinedMs),
          ),
        ],
        counts: { joins: arrivals.length },
        series: { firstFrameMs: frames },
      };
    } finally {
      await undo.unwind();
    }
  },
};

/** A new page each time: nothing is remembered of the one before. */
async function arrive(browser: TestBrowser, kaa: KaaProcess, userId: string): Promise<Arrival> {
  const page = await browser.newPage();
  await page.addInitScript(watchArrival);
  await enter(page, kaa, userId);
  const found = await page.waitForFunction(
    () => {
      const { joinSentAt, joinedAt, firstFrameAt } = (window as unknown as ArrivalWatch).arrival;
      if (joinSentAt === undefined || joinedAt === undefined || firstFrameAt === undefined) return undefined;
      return { joinedMs: joinedAt - joinSentAt, firstFrameMs: firstFrameAt - joinSentAt };
    },
    undefined,
    { timeout: TIMEOUT_MS, polling: 50 },
  );
  const arrival = (await found.jsonValue()) as Arrival;
  await page.context().close();
  return arrival;
}

async function enter(page: Page, kaa: KaaProcess, userId: string): Promise<void> {
  await page.goto(`${kaa.url}/call/${ROOM_ID}#token=${await kaa.token(userId)}`);
  await page.fill('input[name=name]', userId);
  await page.waitForSelector('.preview [data-control=camera][data-look=plain]', { timeout: TIMEOUT_MS });
  await page.click('[data-action=join]');
  await page.waitForSelector('.call[data-connection=connected]', { timeout: TIMEOUT_MS });
}

interface ArrivalWatch {
  arrival: { joinSentAt?: number; joinedAt?: number; firstFrameAt?: number };
}

/** Self-contained: Playwright sends its text to the page. Notes when `join` goes out, is answered, and when the first picture is there. */
function watchArrival(): void {
  const watch: ArrivalWatch = Object.assign(window, { arrival: {} });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (watch.arrival.joinSentAt === undefined && /"type":"join"/.test(String(data))) {
      watch.arrival.joinSentAt = performance.now();
      this.addEventListener('message', (message) => {
        if (/"type":"joined"/.test(String(message.data))) watch.arrival.joinedAt ??= performance.now();
      });
    }
    send.call(this, data);
  };
  const seen = new WeakSet<HTMLVideoElement>();
  const look = () => {
    for (const video of document.querySelectorAll<HTMLVideoElement>('article:not([data-self]) video')) {
      if (seen.has(video)) continue;
      seen.add(video);
      video.requestVideoFrameCallback((now) => {
        watch.arrival.firstFrameAt ??= now;
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}
