/** The dialler in Chromium, by the provider `mock`: real audio there and back. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 40_000, polling: 50 };
const BEEP_HZ = 1_000;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, TIMEOUT_MS);

interface PhonePage {
  /** Sets the level of the beep that the microphone hears, 0 to 1. */
  beep(level: number): number;
  /** How loud a frequency is in what the page plays, in decibels. */
  levelAt(frequency: number): number;
}

/** A microphone that is an oscillator, and an ear on what the page plays. */
function installPhonePage(beepHz: number): void {
  const audio = new AudioContext();
  const gain = audio.createGain();
  gain.gain.value = 0;
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = beepHz;
  oscillator.connect(gain);
  oscillator.start();
  const microphone = audio.createMediaStreamDestination();
  gain.connect(microphone);
  navigator.mediaDevices.getUserMedia = async () => {
    await audio.resume();
    return microphone.stream.clone();
  };
  let heard: MediaStreamTrack | undefined;
  const analyser = audio.createAnalyser();
  analyser.fftSize = 4_096;
  analyser.smoothingTimeConstant = 0;
  const levels = new Float32Array(analyser.frequencyBinCount);
  const page: PhonePage = {
    beep(level) {
      gain.gain.value = level;
      return performance.now();
    },
    levelAt(frequency) {
      const stream = document.querySelector('audio')?.srcObject;
      const [track] = stream instanceof MediaStream ? stream.getAudioTracks() : [];
      if (!track) return Number.NEGATIVE_INFINITY;
      if (track !== heard) {
        heard = track;
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      }
      analyser.getFloatFrequencyData(levels);
      return (
        levels[Math.round((frequency * analyser.fftSize) / audio.sampleRate)] ?? Number.NEGATIVE_INFINITY
      );
    },
  };
  Object.assign(window, { phonePage: page });
}

declare global {
  interface Window {
    phonePage: PhonePage;
  }
}

async function open(userId: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 480, height: 860 } });
  await page.addInitScript(installPhonePage, BEEP_HZ);
  await page.goto(
    `${new URL('/phone', server.url).href}#token=${await server.token(userId, ['participant'])}`,
  );
  return page;
}

async function dial(page: Page, number: string): Promise<void> {
  await page.fill('#phone-number', number);
  await page.click('[data-action=call]');
}

const reach = (page: Page, state: string) => page.waitForSelector(`.phone[data-state=${state}]`, PATIENCE);

test(
  'the page dials, hears the tone, speaks, hears its echo, mutes itself, and hangs up',
  async () => {
    const page = await open('alice');
    await page.check('#phone-record');
    await dial(page, '+12015550123');
    expect(await page.textContent('#phone-country')).toBe('United States');
    await reach(page, 'active');
    await page.waitForFunction(() => window.phonePage.levelAt(440) > -50, undefined, PATIENCE);
    expect(await page.evaluate(() => window.phonePage.levelAt(1_000))).toBeLessThan(-60);
    await page.waitForFunction(() => window.phonePage.levelAt(440) < -70, undefined, PATIENCE);
    const began = await page.evaluate(() => window.phonePage.beep(0.5));
    const heard = await page.waitForFunction(
      () => (window.phonePage.levelAt(1_000) > -50 ? performance.now() : 0),
      undefined,
      { timeout: 40_000, polling: 5 },
    );
    console.log(`a beep came back after ${Math.round(((await heard.jsonValue()) as number) - began)} ms`);
    expect(await page.textContent('.phone-timer')).toMatch(/^\d+:\d\d$/);
    await page.click('[data-action=mute]');
    await page.waitForFunction(() => window.phonePage.levelAt(1_000) < -70, undefined, PATIENCE);
    await page.click('[data-action=hang-up]');
    await reach(page, 'completed');
    expect(await page.textContent('.phone-status')).toBe('Call ended');
    await page.click('.phone-recorded a');
    await page.waitForSelector('[data-recording-id]', PATIENCE);
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'a call goes on by itself when its media worker dies',
  async () => {
    const page = await open('carol');
    await dial(page, '+12015550123');
    await reach(page, 'active');
    const echoIs = (isThere: boolean) =>
      page.waitForFunction((there) => window.phonePage.levelAt(1_000) > -50 === there, isThere, PATIENCE);
    await page.evaluate(() => window.phonePage.beep(0.5));
    await echoIs(true);
    const [call] = server.app.phone.live.all.filter(({ row }) => row.userId === 'carol');
    if (!call) throw new Error('the call does not live');
    const [pid] = call.call.room.workerPids;
    if (pid === undefined) throw new Error('the call has no worker');
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await echoIs(false);
    await echoIs(true);
    console.log(
      `the voice was back ${Math.round(performance.now() - killedAt)} ms after the media worker died`,
    );
    expect(await page.getAttribute('.phone', 'data-state')).toBe('active');
    expect(call.call.room.workerPids).not.toContain(pid);
    await page.click('[data-action=hang-up]');
    await reach(page, 'completed');
    await page.context().close();
  },
  TIMEOUT_MS,
);

test(
  'numbers that do not answer say why, the far end hangs up, and a bad number is refused in words',
  async () => {
    const page = await open('bob');
    for (const [number, state, words] of [
      ['+12015550001', 'failed', 'No call. The number is busy.'],
      ['+12015550002', 'failed', 'No call. Nobody answered.'],
      ['+12015550003', 'failed', 'No call. The call was rejected.'],
      ['+12015550004', 'failed', 'No call. The call failed.'],
      ['+12015550005', 'completed', 'Call ended. The other side hung up.'],
    ] as const) {
      await dial(page, number);
      await page.waitForFunction(
        (text) => document.querySelector('.phone-status')?.textContent === text,
        words,
        PATIENCE,
      );
      expect(await page.getAttribute('.phone', 'data-state')).toBe(state);
    }
    await dial(page, '+19002345678');
    await page.waitForSelector('.phone .problem:not([hidden])', PATIENCE);
    expect(await page.textContent('.phone .problem')).toContain('costs its callers extra');
    await page.context().close();
  },
  TIMEOUT_MS,
);
