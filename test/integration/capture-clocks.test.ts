/** The times of a track jump on the way, as those of a sender that begins to count anew do: nothing of it lands in another year. */
import { afterEach, expect, test } from 'bun:test';
import { FRAMERATE, makePicture } from '../support/media/clip.ts';
import { RecordedCall } from '../support/media/recorded-call.ts';
import { layeredParameters } from '../support/rtp.ts';
import { until } from '../support/until.ts';

const FIRST_PORT = 49_200;
const TIMEOUT_MS = 60_000;
const SECONDS = 8;

let recorded: RecordedCall;

afterEach(() => recorded.close());

test.each([
  ['ahead', [1, 2]],
  ['back', [2, 1]],
] as const)(
  'a simulcast layer whose clock cannot be compared with the one before, and is %s, begins another segment',
  async (_, seeds) => {
    const sizes = [
      { width: 160, height: 90 },
      { width: 320, height: 180 },
    ];
    const layers = await Promise.all(sizes.map((size) => makePicture({ seconds: SECONDS, ...size })));
    recorded = await RecordedCall.create({ clip: { frames: [], packets: [] }, firstPort: FIRST_PORT });
    const { publication, senders } = await recorded.announceAs(
      recorded.enter('ann'),
      { kind: 'video', rtpParameters: layeredParameters(2) },
      // The worker puts a layer on the clock of another one by the reports of both.
      [{ seed: seeds[0], hasReports: false }, { seed: seeds[1] }],
    );
    senders[0]!.sendVideo(layers[0]!, FRAMERATE);
    await until('the low layer flows', () => senders[0]!.lastSent > 5);
    const capture = await recorded.record();
    await until('two seconds were sent', () => senders[0]!.lastSent >= 2 * FRAMERATE);
    const high = senders[1]!.sendVideo(layers[1]!.slice(2 * FRAMERATE), FRAMERATE);
    await until('the high layer flows', () => senders[1]!.lastSent > 5);
    senders[0]!.stop();
    await high;
    await capture.stop('stopped');
    const segments = await recorded.segments(publication.trackId);
    expect(segments.map(({ reason }) => reason)).toEqual(['clock-jumped', 'stopped']);
    const [before = [], after = []] = await recorded.frames(publication.trackId);
    expect(before.filter(({ at }) => at < SECONDS).length).toBeGreaterThan(FRAMERATE);
    expect(after.length).toBeGreaterThan(FRAMERATE);
    expect((after.at(-1)?.at ?? 0) - (after[0]?.at ?? 0)).toBeLessThan(SECONDS);
  },
  TIMEOUT_MS,
);
