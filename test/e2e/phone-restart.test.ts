/** A page in a phone call whose server is killed: the network still carries the call, and the voice comes back by itself. */
import { expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { toneFrame } from '../../src/voip/leg/tones.ts';
import { launchBrowser } from '../support/browser.ts';
import { ServerProcess } from '../support/kills/server-process.ts';
import { levelOfMuLaw } from '../support/phone/level.ts';
import { TwilioStandIn } from '../support/phone/twilio-stand-in.ts';
import { createDataDir } from '../support/server.ts';
import { until } from '../support/until.ts';
import { installPhonePage } from './phone-page.ts';

const TIMEOUT_MS = 120_000;
const PATIENCE = { timeout: 40_000, polling: 50 };
const BEEP_HZ = 1_000;
const FAR_END_HZ = 440;
/** Half a second of what the far end hears. */
const LATELY_BYTES = 4_000;

test(
  'after kill -9 both sides hear each other again, nobody is dialled twice, and the page hangs up',
  async () => {
    const twilio = new TwilioStandIn();
    const dataDir = await createDataDir();
    const server = await ServerProcess.start({ dataDir, env: twilio.env });
    const browser = await launchBrowser();
    let stopTalking = () => {};
    try {
      twilio.serve(server.url);
      const page = await browser.newPage();
      await page.addInitScript(installPhonePage, BEEP_HZ);
      await page.goto(`${server.url}/phone#token=${await server.token('alice')}`);
      await page.fill('#phone-number', '+12015550123');
      await page.click('[data-action=call]');
      await page.waitForSelector('.phone[data-state=connecting]', PATIENCE);
      const [farEnd] = twilio.calls.values();
      if (!farEnd) throw new Error('nobody was dialled');
      let index = 0;
      const talking = setInterval(() => {
        farEnd.say(toneFrame([FAR_END_HZ], { index }));
        index += 1;
      }, 20);
      stopTalking = () => clearInterval(talking);
      const hearEachOther = async () => {
        await page.waitForFunction((hertz) => window.phonePage.levelAt(hertz) > -50, FAR_END_HZ, PATIENCE);
        const before = farEnd.bytesHeard.length;
        await until(
          'the far end hears the page',
          () =>
            farEnd.bytesHeard.length > before + LATELY_BYTES &&
            levelOfMuLaw(farEnd.bytesHeard.subarray(-LATELY_BYTES), BEEP_HZ) > 1_500,
          40_000,
        );
      };
      await farEnd.answer();
      await page.evaluate(() => window.phonePage.beep(0.5));
      await hearEachOther();

      await server.end('SIGKILL');
      await until('the socket is gone', () => !farEnd.isOpen);
      await page.waitForFunction((hertz) => window.phonePage.levelAt(hertz) < -70, FAR_END_HZ, PATIENCE);
      await server.restart();
      await farEnd.runVerb();
      await hearEachOther();
      expect(await page.getAttribute('.phone', 'data-state')).toBe('active');
      expect(twilio.requests.filter((request) => request === 'POST Calls.json')).toHaveLength(1);

      await page.click('[data-action=hang-up]');
      await page.waitForSelector('.phone[data-state=completed]', PATIENCE);
      await until('the far end was hung up', () => farEnd.endedAt !== undefined);
    } finally {
      stopTalking();
      await browser.close();
      await server.end('SIGKILL');
      twilio.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
