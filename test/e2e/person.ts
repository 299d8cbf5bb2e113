/** Somebody in front of a page: enters calls, and tells what they see and hear. */
import type { Page } from 'playwright-core';
import type { TestBrowser } from '../support/browser.ts';
import { hear, type Looks, playPerson, showsColor } from './fake-person.ts';

export interface PersonOptions extends Looks {
  readonly userId: string;
  readonly name: string;
}

/** Who is looked for. */
export type Somebody = Pick<Person, 'userId' | 'options'>;

const PATIENCE = { timeout: 40_000, polling: 60 };

export class Person {
  readonly page: Page;
  readonly options: PersonOptions;
  /** What the page complained about; a test that ends with any has failed. */
  readonly complaints: string[] = [];

  static async create(browser: TestBrowser, options: PersonOptions): Promise<Person> {
    const page = await browser.newPage();
    await page.addInitScript(playPerson, { color: options.color, tone: options.tone });
    return new Person(page, options);
  }

  private constructor(page: Page, options: PersonOptions) {
    this.page = page;
    this.options = options;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A lost server is a network error that the browser logs by itself.
      const isOurs = message.type() === 'error' && !/WebSocket|Failed to load resource/.test(message.text());
      if (isOurs) this.complaints.push(message.text());
    });
  }

  get userId(): string {
    return this.options.userId;
  }

  async openLobby(link: string, token: string): Promise<void> {
    await this.page.goto(`${link}#token=${token}`);
    await this.page.fill('input[name=name]', this.options.name);
    await this.page.waitForSelector('.preview [data-control=camera][data-look=plain]');
  }

  async join(link: string, token: string): Promise<void> {
    await this.openLobby(link, token);
    await this.page.click('[data-action=join]');
    await this.page.waitForSelector('.call[data-connection=connected]');
  }

  /** The tile of somebody, as a selector. */
  tile(other: Somebody, source: 'camera' | 'screen' = 'camera'): string {
    return `article[data-user-id="${other.userId}"][data-source="${source}"]`;
  }

  control(name: string): string {
    return `.controls [data-control=${name}]`;
  }

  /** Resolves when the picture of the other moves, and is theirs. */
  async sees(other: Somebody): Promise<void> {
    const tile = this.tile(other);
    await this.page.waitForFunction(showsColor, { tile, color: other.options.color }, PATIENCE);
    await this.seesFrames(tile);
  }

  /** Resolves when ten more frames were drawn. */
  async seesFrames(tile: string): Promise<void> {
    const count = (selector: string) =>
      document.querySelector<HTMLVideoElement>(`${selector} video`)?.getVideoPlaybackQuality()
        .totalVideoFrames ?? 0;
    const before = await this.page.evaluate(count, tile);
    await this.page.waitForFunction(
      ({ selector, enough }) =>
        (document.querySelector<HTMLVideoElement>(`${selector} video`)?.getVideoPlaybackQuality()
          .totalVideoFrames ?? 0) >= enough,
      { selector: tile, enough: before + 10 },
      PATIENCE,
    );
  }

  /** Resolves when the tone of the other is the loudest in what comes from them. */
  async hears(other: Somebody): Promise<void> {
    await this.poll(async () => {
      const { frequency } = await this.page.evaluate(hear, other.userId);
      return frequency !== null && Math.abs(frequency - other.options.tone) < 25;
    }, `${this.options.name} hears ${other.options.name}`);
  }

  /** Resolves when nothing has come from the other for a while. */
  async hearsNothingOf(other: Somebody): Promise<void> {
    await this.poll(
      async () => (await this.page.evaluate(hear, other.userId)).silentPolls >= 8,
      `${this.options.name} hears nothing of ${other.options.name}`,
    );
  }

  async waitFor(selector: string): Promise<void> {
    await this.page.waitForSelector(selector, { timeout: PATIENCE.timeout });
  }

  async waitForNo(selector: string): Promise<void> {
    await this.page.waitForSelector(selector, { state: 'detached', timeout: PATIENCE.timeout });
  }

  /**
   * Resolves when one picture is received in at least twice the size of another. The sizes themselves are not asked
   * for: on a busy machine a browser sends all of its layers smaller.
   */
  async waitForLarger(large: string, small: string): Promise<void> {
    await this.page.waitForFunction(
      (selectors) => {
        const [largeHeight = 0, smallHeight = 0] = selectors.map(
          (selector) => document.querySelector<HTMLVideoElement>(`${selector} video`)?.videoHeight ?? 0,
        );
        return smallHeight > 0 && largeHeight >= smallHeight * 1.9;
      },
      [large, small],
      PATIENCE,
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  private async poll(isDone: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + PATIENCE.timeout;
    while (!(await isDone())) {
      if (performance.now() > deadline) throw new Error(`It did not come about that ${what}.`);
      await this.page.waitForTimeout(PATIENCE.polling);
    }
  }
}
