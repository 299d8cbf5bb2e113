/** A worker dies or hangs under a browser that is recorded: its tracks come back with the same ids, in new segments. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, Slots } from '../../src/lib/index.ts';
import { PortPairs } from '../../src/media/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { CallCapture, readTimeline, type TimelineEntry } from '../../src/recording/capture/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { readFrames } from '../support/media/read-media.ts';
import { of } from '../support/media/recorded-call.ts';
import { startTestServer } from '../support/server.ts';
import { showNumbers } from './counting-page.ts';

const TIMEOUT_MS = 180_000;
const PATIENCE_MS = 60_000;

test(
  'the same tracks go on in new segments after their worker was killed, and after another one hung',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kaa-lost-worker-'));
    const server = await startTestServer({ env: { WEBRTC_WORKERS: '2', WEBRTC_WORKER_TIMEOUT: '1500ms' } });
    const browser = await launchBrowser();
    const entries = () => readTimeline(join(folder, 'timeline.jsonl'));
    /** Segments of the camera into which something came. */
    const begun = (all: readonly TimelineEntry[]) => {
      const videos = of(all, 'segment-opened').filter(({ mimeType }) => mimeType.startsWith('video'));
      const names = new Set(of(all, 'segment-began').map(({ segment }) => segment));
      return videos.filter(({ segment }) => names.has(segment));
    };
    const untilBegun = async (count: number) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (begun(await entries()).length < count) {
        if (Date.now() > deadline) throw new Error(`there are no ${count} segments`);
        await Bun.sleep(100);
      }
    };
    try {
      const page = await browser.newPage();
      await page.addInitScript(showNumbers, { scale: 1, proxyPort: null, codec: 'vp8' });
      await page.goto(`${server.url}/call/lost#token=${await server.token('ann')}`, { waitUntil: 'commit' });
      await page.fill('input[name=name]', 'Ann');
      await page.waitForSelector('.preview [data-control=camera][data-look=plain]');
      await page.click('[data-action=join]');
      await page.waitForSelector('.call[data-connection=connected]');
      const call = server.app.calls.registry.get('lost')!;
      const capture = await CallCapture.create({
        call,
        recordingId: newId(),
        folder,
        ports: new PortPairs({ from: 45_200, to: 45_399 }),
        starts: new Slots(4),
        logger: createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' }),
      });
      await untilBegun(1);
      for (const [count, signal] of [
        [2, 'SIGKILL'],
        [3, 'SIGSTOP'],
      ] as const) {
        await Bun.sleep(2_000);
        for (const pid of call.room.workerPids) process.kill(pid, signal);
        await untilBegun(count);
      }
      await Bun.sleep(2_000);
      await capture.stop('stopped');
      const all = await entries();
      const segments = begun(all);
      expect(new Set(segments.map(({ trackId }) => trackId)).size).toBe(1);
      expect(of(all, 'track-added').filter(({ kind }) => kind === 'video')).toHaveLength(1);
      expect(of(all, 'track-removed')).toEqual([]);
      let last = -1;
      for (const { segment } of segments) {
        const numbers = (await readFrames(join(folder, segment))).map(({ number }) => number);
        expect(numbers.length).toBeGreaterThan(10);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(numbers[0]!).toBeGreaterThan(last);
        last = numbers.at(-1)!;
      }
    } finally {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true });
    }
  },
  TIMEOUT_MS,
);
