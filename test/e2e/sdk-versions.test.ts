/** mediasoup-client of today and of older days in one call: each publishes simulcast, is received by another, and its layers switch. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { JSHandle, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import type { SdkPeer } from './sdk-peer.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 30_000, polling: 60 };
const ABS_CAPTURE_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';
/** By version: the file that a page gets in the place of "mediasoup-client". */
const VERSIONS = {
  '3.18': import.meta.resolve('mediasoup-client-3-18'),
  '3.20': import.meta.resolve('mediasoup-client-3-20'),
  current: import.meta.resolve('mediasoup-client'),
} as const;
type Version = keyof typeof VERSIONS;

interface Tab {
  readonly page: Page;
  readonly peer: JSHandle<SdkPeer>;
  readonly published: Awaited<ReturnType<SdkPeer['publish']>>;
}

let server: TestServer;
let browser: TestBrowser;
let pages: ReturnType<typeof Bun.serve>;
const tabs = new Map<Version, Tab>();

beforeAll(async () => {
  const scripts = new Map<string, string>();
  for (const version of Object.keys(VERSIONS) as Version[]) scripts.set(version, await bundleWith(version));
  pages = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => {
      const url = new URL(request.url);
      const script = scripts.get(url.pathname.slice('/script/'.length));
      if (script !== undefined)
        return new Response(script, { headers: { 'content-type': 'text/javascript' } });
      const page = `<!doctype html><script type="module" src="/script${url.pathname}"></script>`;
      return new Response(page, { headers: { 'content-type': 'text/html' } });
    },
  });
  [server, browser] = await Promise.all([
    startTestServer({ env: { CORS_ORIGINS: pages.url.origin } }),
    launchBrowser(),
  ]);
  for (const version of Object.keys(VERSIONS) as Version[]) tabs.set(version, await openTab(version));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await pages?.stop(true);
}, TIMEOUT_MS);

async function bundleWith(version: Version): Promise<string> {
  const built = await Bun.build({
    entrypoints: [new URL('sdk-peer.ts', import.meta.url).pathname],
    target: 'browser',
    plugins: [
      {
        name: 'other-version',
        setup: (build) => {
          build.onResolve({ filter: /^mediasoup-client$/ }, () => ({
            path: new URL(VERSIONS[version]).pathname,
          }));
        },
      },
    ],
  });
  return (await built.outputs[0]?.text()) ?? '';
}

async function openTab(version: Version): Promise<Tab> {
  const page = await browser.newPage();
  await page.goto(`${pages.url.href}${version}`);
  await page.waitForFunction(() => 'SdkPeer' in globalThis);
  const socketUrl = `${server.url.replace(/^http/, 'ws')}/video-calls/ws`;
  const token = await server.token(`sdk-${version}`);
  const peer = await page.evaluateHandle(
    ([url, jwt]) => (globalThis as unknown as { SdkPeer: typeof SdkPeer }).SdkPeer.join(url, jwt, 'versions'),
    [socketUrl, token] as const,
  );
  return { page, peer, published: await peer.evaluate((own) => own.publish()) };
}

function tabOf(version: Version): Tab {
  const tab = tabs.get(version);
  if (!tab) throw new Error(`the page with ${version} did not open`);
  return tab;
}

describe.each([
  ['3.18', '3.20'],
  ['3.20', 'current'],
  ['current', '3.18'],
] as const)('what %s publishes', (publisher, viewer) => {
  test(
    `is received by ${viewer}, and its layers switch when they are asked to`,
    async () => {
      const { published } = tabOf(publisher);
      expect(published.encodings).toBe(3);
      const { page, peer } = tabOf(viewer);
      const consumerId = await peer.evaluate((own, trackId) => own.show(trackId), published.trackId);
      for (const [layer, width] of [
        [0, 160],
        [1, 320],
        [0, 160],
        [1, 320],
      ] as const) {
        await peer.evaluate((own, wanted) => own.prefer(wanted.consumerId, wanted.layer), {
          consumerId,
          layer,
        });
        await page.waitForFunction(
          (wanted) => document.querySelector('video')?.videoWidth === wanted,
          width,
          PATIENCE,
        );
      }
    },
    TIMEOUT_MS,
  );
});

test('none of them is offered abs-capture-time, which 3.18 would list without having negotiated it', () => {
  for (const { published } of tabs.values())
    expect(published.headerExtensions).not.toContain(ABS_CAPTURE_TIME);
});
