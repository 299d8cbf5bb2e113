/** One with a clock in a browser, recorded in as many rooms as are wanted: what the tests of recorded media stand on. */
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type OnStageWithClock, Stage } from './performer/stage.ts';
import { type ClockReport, compareClocks } from './recorded-clock.ts';
import { type Finished, RecordedRoom, type StartRequest } from './recorded-room.ts';

export interface Examined extends ClockReport {
  readonly finished: Finished;
  /** Seconds from the request to record to the first frame. */
  readonly firstFrameAfter: number;
}

const USER_ID = 'ann';

export class RecordedClockScene {
  readonly server: TestServer;
  readonly browser: TestBrowser;
  readonly #onStage: OnStageWithClock;

  static async create(roomIds: readonly string[]): Promise<RecordedClockScene> {
    const [server, browser] = await Promise.all([
      startTestServer({ env: { RECORDING_RESOLUTION: '320x180', DISK_MIN_FREE: '1MiB' } }),
      launchBrowser(),
    ]);
    const stage = await Stage.create(server, browser);
    return new RecordedClockScene(server, browser, await stage.enterWithClock(USER_ID, roomIds));
  }

  private constructor(server: TestServer, browser: TestBrowser, onStage: OnStageWithClock) {
    this.server = server;
    this.browser = browser;
    this.#onStage = onStage;
  }

  start(roomId: string, request: StartRequest = {}): Promise<RecordedRoom> {
    return RecordedRoom.start(this.server, { userId: USER_ID, roomId }, request);
  }

  /** Of one that was stopped, when its files are there. */
  async examine(room: RecordedRoom): Promise<Examined> {
    const finished = await room.whenFinished();
    const painted = await this.#onStage.clock.evaluate((clock) => clock.painted);
    const { path, manifest, askedAtMs } = finished;
    const report = await compareClocks({ path, painted, seconds: manifest.durationMs / 1_000 });
    const startedAfter = (Date.parse(manifest.startedAt) - askedAtMs) / 1_000;
    return { ...report, finished, firstFrameAfter: startedAfter + report.firstFrameAt };
  }

  /** So many recordings, one after another; resolves with the seconds from each request to its first frame. */
  async startAgainAndAgain(count: number, roomId: string): Promise<number[]> {
    const seconds: number[] = [];
    for (let start = 0; start < count; start += 1) {
      const room = await this.start(roomId);
      await Bun.sleep(1_200);
      await room.stop();
      seconds.push((await this.examine(room)).firstFrameAfter);
    }
    return seconds;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}
