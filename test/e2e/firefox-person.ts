/** Somebody in front of a page in Firefox: what `Person` is in Chromium, over another protocol. */
import type { Page } from 'puppeteer-core';
import type { FirefoxBrowser } from '../support/firefox.ts';
import { playPerson, showsColor } from './fake-person.ts';
import type { PersonOptions, Somebody } from './person.ts';

const PATIENCE = { timeout: 40_000, polling: 100 };

export class FirefoxPerson {
  readonly page: Page;
  readonly options: PersonOptions;
  /** What the page complained about; a test that ends with any has failed. */
  readonly complaints: string[] = [];

  static async create(browser: FirefoxBrowser, options: PersonOptions): Promise<FirefoxPerson> {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(playPerson, { color: options.color, tone: options.tone });
    await page.evaluateOnNewDocument(takeRealMicrophone);
    return new FirefoxPerson(page, options);
  }

  private constructor(page: Page, options: PersonOptions) {
    this.page = page;
    this.options = options;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  get userId(): string {
    return this.options.userId;
  }

  async join(link: string, token: string): Promise<void> {
    await this.page.goto(`${link}#token=${token}`);
    await this.page.waitForSelector('input[name=name]');
    await this.page.type('input[name=name]', this.options.name);
    await this.page.waitForSelector('.preview [data-control=camera][data-look=plain]');
    await this.page.click('[data-action=join]');
    await this.page.waitForSelector('.call[data-connection=connected]', { timeout: PATIENCE.timeout });
  }

  tile(other: Somebody): string {
    return `article[data-user-id="${other.userId}"][data-source="camera"]`;
  }

  /** Resolves when the picture of the other moves, and is theirs. */
  async sees(other: Somebody, tile = this.tile(other)): Promise<void> {
    await this.page.waitForFunction(showsColor, PATIENCE, { tile, color: other.options.color });
    await this.seesFrames(tile);
  }

  /** Resolves when the picture has changed five times. Of the frames of a call Firefox counts none. */
  async seesFrames(tile: string): Promise<void> {
    await this.page.waitForFunction(hasMoved, PATIENCE, tile);
  }

  /** Resolves when the tone of the other is what comes from them. */
  async hears(other: Somebody): Promise<void> {
    const deadline = performance.now() + PATIENCE.timeout;
    for (;;) {
      const { frequency, level } = await this.page.evaluate(listen, other.userId);
      if (level > 0.02 && Math.abs(frequency - other.options.tone) < 25) return;
      if (performance.now() > deadline)
        throw new Error(`${this.options.name} hears ${frequency} Hz (${level}), not ${other.options.name}.`);
    }
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }
}

/** Self-contained: runs inside of the page. Without a sound card an AudioContext of Firefox stands still; its false microphone does not. */
function takeRealMicrophone(): void {
  const { mediaDevices } = navigator;
  const paint = mediaDevices.getUserMedia;
  mediaDevices.getUserMedia = async ({ video, audio } = {}) => {
    const capture = MediaDevices.prototype.getUserMedia.bind(mediaDevices);
    const painted = video ? (await paint({ video })).getTracks() : [];
    const heard = audio ? (await capture({ audio: true })).getTracks() : [];
    return new MediaStream([...painted, ...heard]);
  };
}

/** Self-contained: runs inside of the page. For the same reason what comes is recorded, and looked at afterwards. */
async function listen(userId: string): Promise<{ frequency: number; level: number }> {
  const player = document.querySelector<HTMLAudioElement>(
    `audio[data-user-id="${userId}"][data-source="microphone"]`,
  );
  const [track] = player?.srcObject instanceof MediaStream ? player.srcObject.getAudioTracks() : [];
  if (!track) return { frequency: 0, level: 0 };
  const recorder = new MediaRecorder(new MediaStream([track]));
  const recorded = new Promise<Blob>((resolve) => {
    recorder.ondataavailable = ({ data }) => resolve(data);
  });
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  recorder.stop();
  const bytes = await (await recorded).arrayBuffer();
  const sampleRate = 48_000;
  const buffer = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(bytes);
  // Its last half second, of which a tone crosses zero twice each period.
  const samples = buffer.getChannelData(0).slice(-sampleRate / 2);
  let crossings = 0;
  let energy = 0;
  for (const [index, sample] of samples.entries()) {
    if (index > 0 && sample >= 0 !== samples[index - 1]! >= 0) crossings += 1;
    energy += sample ** 2;
  }
  const seconds = samples.length / sampleRate;
  return { frequency: crossings / 2 / seconds, level: Math.sqrt(energy / samples.length) };
}

/** Self-contained: runs inside of the page, again and again. What moves is in the lower half. */
function hasMoved(tile: string): boolean {
  const video = document.querySelector<HTMLVideoElement>(`${tile} video`);
  if (!video || video.videoWidth === 0) return false;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 32, height: 18 });
  const context = canvas.getContext('2d')!;
  context.drawImage(video, 0, 0, 32, 18);
  const holder = window as { pictures?: Set<string> };
  holder.pictures ??= new Set();
  holder.pictures.add(context.getImageData(0, 9, 32, 9).data.join());
  return holder.pictures.size > 5;
}
