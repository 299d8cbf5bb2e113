/** What Chromium publishes is in the finished files: sound and picture in step, all of it, from the first second on, and playable. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFrames } from '../support/media/read-media.ts';
import { FRAMERATE } from '../support/media/test-card.ts';
import { playAndSeek } from './play-file.ts';
import { quantile } from './recorded-clock.ts';
import { type Examined, RecordedClockScene } from './recorded-clock-scene.ts';
import type { RecordedRoom } from './recorded-room.ts';

const TIMEOUT_MS = 120_000;
const SECONDS = 8;
const STARTS = 5;
const FORMATS = ['mp4', 'webm'] as const;

let scene: RecordedClockScene;
const rooms = new Map<string, RecordedRoom>();
const examined = new Map<string, Examined>();

beforeAll(async () => {
  scene = await RecordedClockScene.create(FORMATS);
  for (const format of FORMATS) rooms.set(format, await scene.start(format, { format }));
  await Bun.sleep(SECONDS * 1_000);
  await Promise.all([...rooms.values()].map((room) => room.stop()));
  for (const [format, room] of rooms) examined.set(format, await scene.examine(room));
}, TIMEOUT_MS);

afterAll(() => scene?.close(), TIMEOUT_MS);

describe.each(FORMATS)('what is in the %s', (format) => {
  test('sound and picture are within 60 ms of each other, and no flash is missing', () => {
    const { offsets = [], foundShare } = examined.get(format) ?? {};
    // A page that is kept from running paints some of them late, and those do not count.
    expect(offsets.length).toBeGreaterThanOrEqual(SECONDS / 2);
    expect(quantile(offsets.map(Math.abs), 0.95)).toBeLessThan(0.06);
    expect(foundShare).toBeGreaterThanOrEqual(0.99);
  });

  test('it is as long as the clock on the wall says', async () => {
    const { manifest, stoppedAtMs, path } = examined.get(format)!.finished;
    const wallMs = stoppedAtMs - Date.parse(manifest.startedAt);
    expect(Math.abs(manifest.durationMs - wallMs)).toBeLessThan(100);
    const lastFrame = (await readFrames(path)).at(-1);
    expect(Math.abs((lastFrame?.at ?? 0) * 1_000 + 1_000 / FRAMERATE - wallMs)).toBeLessThan(100);
  });

  test(
    'nothing is wrong with it for ffmpeg, and a browser plays it and finds the frame that it seeks',
    async () => {
      const { finished } = examined.get(format)!;
      expect(await complaintsAbout(finished.path)).toBe('');
      const wanted = (await readFrames(finished.path)).at(-2 * FRAMERATE);
      const link = await rooms.get(format)!.linkTo(`recording.${format}`);
      const shown = await playAndSeek(
        await scene.browser.newPage(),
        link,
        (wanted?.at ?? 0) + 0.5 / FRAMERATE,
      );
      expect(shown.playedTo).toBeGreaterThan(0);
      expect(Math.abs(shown.duration * 1_000 - finished.manifest.durationMs)).toBeLessThan(100);
      expect(shown.number).toBe(wanted?.number ?? -1);
    },
    TIMEOUT_MS,
  );
});

test(
  'the first frame comes within a second of the start, time after time',
  async () => {
    // A machine that is busy for a moment may spoil one of them: the long test looks at the 95th percentile.
    expect(quantile(await scene.startAgainAndAgain(STARTS, 'mp4'), 0.8)).toBeLessThan(1);
  },
  TIMEOUT_MS,
);

/** Of all that is in it, decoded to the end. */
async function complaintsAbout(path: string): Promise<string> {
  const checks = [
    ['ffprobe', '-v', 'error', '-show_streams', '-show_packets', '-of', 'compact', path],
    ['ffmpeg', '-v', 'error', '-i', path, '-f', 'null', '-'],
  ];
  const complaints = await Promise.all(
    checks.map(async (command) => {
      const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
      const [text, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
      return code === 0 ? text : `${command[0]} ended with ${code}: ${text}`;
    }),
  );
  return complaints.join('');
}
