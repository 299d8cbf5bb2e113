/** A real Chromium with an empty profile and devices that need no hardware; owns its process, and ends that one only. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A beeping microphone, a camera with a moving picture, and no questions about them.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // All pages are on one screen, and only one can be in front: the others have to live on all the same.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const NO_UDP = '--webrtc-ip-handling-policy=disable_non_proxied_udp';

export interface TestBrowser {
  /** A page in a context of its own: no storage is shared with other pages. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** A context, for pages that do share: two tabs of one person. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Twice is no error. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Lets WebRTC use TCP only, as behind a firewall that lets nothing else through. */
  readonly isUdpBlocked?: boolean;
}

/** Rejects, saying what to install, when there is no Chromium. */
export async function launchBrowser({ isUdpBlocked = false }: LaunchOptions = {}): Promise<TestBrowser> {
  const executablePath = Bun.which('chromium') ?? Bun.which('chromium-browser') ?? Bun.which('google-chrome');
  if (!executablePath) throw new Error('No Chromium was found: install the package "chromium".');
  const browser = await chromium.launch({ executablePath, args: isUdpBlocked ? [...FLAGS, NO_UDP] : FLAGS });
  const newContext = (options: BrowserContextOptions = {}) =>
    browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  return {
    newContext,
    newPage: async (options) => (await newContext(options)).newPage(),
    close: () => closeBrowser(browser),
  };
}

/** Playwright ends the process that it started, by its id, when it does not go by itself. */
async function closeBrowser(browser: Browser): Promise<void> {
  if (browser.isConnected()) await browser.close();
}
