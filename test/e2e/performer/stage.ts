/** Opens pages in which performers are: they have the SDK and nothing of the web app. */
import type { JSHandle, Page } from 'playwright-core';
import type { TestBrowser } from '../../support/browser.ts';
import type { TestServer } from '../../support/server.ts';
import { watchPeerConnections, whenSending } from '../peer-connections.ts';
import type { ClockedMedia } from './clocked-media.ts';
import type { Look } from './look.ts';
import type { Entry, Performer } from './performer.ts';

type Global = { Performer: typeof Performer };

export interface OnStage {
  readonly page: Page;
  readonly performer: JSHandle<Performer>;
}

export interface OnStageWithClock {
  readonly page: Page;
  readonly clock: JSHandle<ClockedMedia>;
}

export interface Part extends Look {
  readonly userId: string;
  readonly roomId: string;
  /** Of the server, or of a proxy before it. */
  readonly url?: string;
}

export class Stage {
  readonly #server: TestServer;
  readonly #browser: TestBrowser;
  readonly #script: string;

  static async create(server: TestServer, browser: TestBrowser): Promise<Stage> {
    const { outputs } = await Bun.build({
      entrypoints: [new URL('performer.ts', import.meta.url).pathname],
      target: 'browser',
      format: 'iife',
    });
    return new Stage(server, browser, (await outputs[0]?.text()) ?? '');
  }

  private constructor(server: TestServer, browser: TestBrowser, script: string) {
    this.#server = server;
    this.#browser = browser;
    this.#script = script;
  }

  /** Resolves when they are in the call, and their camera and microphone flow. */
  async enter(part: Part): Promise<OnStage> {
    const { userId, roomId, url = this.#server.url, color, tone } = part;
    const page = await this.#open(url);
    const entry = await this.#entry(userId, { roomId, url });
    const performer = await page.evaluateHandle(
      ([own, look]) => (globalThis as unknown as Global).Performer.color(own, look),
      [entry, { color, tone }] as const,
    );
    await whenSending(page, 2);
    return { page, performer };
  }

  /** One with a clock, in several rooms at once. Resolves when their media flows. */
  async enterWithClock(userId: string, roomIds: readonly string[]): Promise<OnStageWithClock> {
    const { url } = this.#server;
    const page = await this.#open(url);
    const entries = await Promise.all(roomIds.map((roomId) => this.#entry(userId, { roomId, url })));
    const clock = await page.evaluateHandle(
      (own) => (globalThis as unknown as Global).Performer.clock(own),
      entries,
    );
    await whenSending(page, 2 * roomIds.length);
    return { page, clock };
  }

  async #open(url: string): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width: 320, height: 200 } });
    await watchPeerConnections(page);
    await page.addInitScript({ content: this.#script });
    await page.goto(new URL('/health', url).href);
    return page;
  }

  async #entry(userId: string, { roomId, url }: { roomId: string; url: string }): Promise<Entry> {
    return { url, roomId, token: await this.#server.token(userId), name: userId };
  }
}
