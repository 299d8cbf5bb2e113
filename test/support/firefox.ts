/** A real Firefox with an empty profile, driven by WebDriver BiDi; owns its process. */
import { networkInterfaces } from 'node:os';
import { type Browser, launch, type Page } from 'puppeteer-core';

const PREFERENCES = {
  // A microphone and a camera that need no hardware, and no questions about them.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // There is nobody who resolves names of candidates.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // It downloads codecs, and knows no proxy for that.
  'media.gmp-manager.updateEnabled': false,
};

export interface FirefoxBrowser {
  readonly version: string;
  /** A page in a context of its own: no storage is shared with other pages. */
  newPage(): Promise<Page>;
  /** Twice is no error. */
  close(): Promise<void>;
}

/** Where it is; undefined when it is not installed. */
export function findFirefox(): string | undefined {
  return Bun.which('firefox-esr') ?? Bun.which('firefox') ?? undefined;
}

/** An address of this machine that is not the loopback: Firefox has no candidate there. Undefined where there is none. */
export function findOwnAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** `tone`: what its microphones hear, in Hz. */
export async function launchFirefox(executablePath: string, tone: number): Promise<FirefoxBrowser> {
  const browser: Browser = await launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath,
    headless: true,
    extraPrefsFirefox: { ...PREFERENCES, 'media.navigator.audio.fake_frequency': tone },
  });
  return {
    version: await browser.version(),
    newPage: async () => (await browser.createBrowserContext()).newPage(),
    close: async () => {
      if (browser.connected) await browser.close();
    },
  };
}
