/** Every codec of a call, layers and sizes that change: through a real room into files that decode, each frame where it belongs. */
import { afterEach, expect, test } from 'bun:test';
import { FRAMERATE, makePhoneSound, makePicture } from '../support/media/clip.ts';
import { readBeeps, readFrames, readSizes, type SeenFrame } from '../support/media/read-media.ts';
import { of, RecordedCall } from '../support/media/recorded-call.ts';
import { layeredParameters, pcmuParameters, type VideoFormat, videoParameters } from '../support/rtp.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const FIRST_PORT = 47_000;
const NO_CLIP = { frames: [], packets: [] };

let recorded: RecordedCall;

afterEach(() => recorded.close());

const numbersOf = (frames: readonly SeenFrame[]) => frames.map(({ number }) => number);

/** The longest time from one frame to the next, in seconds. */
function longestGap(frames: readonly SeenFrame[]): number {
  return Math.max(...frames.slice(1).map(({ at }, index) => at - frames[index]!.at));
}

const FORMATS = ['vp8', 'vp9', 'h264-baseline', 'h264-main'] as const satisfies VideoFormat[];

for (const format of FORMATS) {
  test(
    `${format}: every frame is in the file, at its time, and a change of size in the middle is followed`,
    async () => {
      const [codec, profile] = format.split('-') as ['vp8' | 'vp9' | 'h264', 'baseline' | 'main' | undefined];
      const common = { seconds: 3, codec, profile: profile ?? 'baseline' };
      const frames = [
        ...(await makePicture(common)),
        ...(await makePicture({ ...common, width: 640, height: 360, firstNumber: 90 })),
      ];
      recorded = await RecordedCall.create({ clip: NO_CLIP, firstPort: FIRST_PORT });
      const { publication, senders } = await recorded.announceAs(recorded.enter('ann'), {
        kind: 'video',
        rtpParameters: videoParameters(format),
      });
      const capture = await recorded.record();
      await until('a reader runs', () => capture.readerPids.length === 1);
      await Bun.sleep(200);
      await senders[0]!.sendVideo(frames, FRAMERATE, codec);
      await Bun.sleep(200);
      await capture.stop('stopped');
      const [segment, ...others] = await recorded.segments(publication.trackId);
      expect(others).toEqual([]);
      const seen = await readFrames(segment!.path);
      expect(numbersOf(seen)).toEqual(frames.map((_, index) => index));
      for (const [index, { at }] of seen.entries())
        expect(at - seen[0]!.at).toBeCloseTo(index / FRAMERATE, 2);
      expect(await readSizes(segment!.path)).toEqual(['320x180', '640x360']);
      expect(of(await recorded.entries(), 'packets-missed')).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

test(
  'PCMU of a phone: every beep is in the file',
  async () => {
    recorded = await RecordedCall.create({ clip: NO_CLIP, firstPort: FIRST_PORT });
    const { publication, senders } = await recorded.announceAs(recorded.enter('phone'), {
      kind: 'audio',
      rtpParameters: pcmuParameters(),
    });
    const capture = await recorded.record();
    await until('a reader runs', () => capture.readerPids.length === 1);
    await senders[0]!.sendAudio(await makePhoneSound(4), 20);
    await Bun.sleep(200);
    await capture.stop('stopped');
    const [segment] = await recorded.segments(publication.trackId);
    const beeps = await readBeeps(segment!.path);
    expect(beeps).toHaveLength(4);
    // The first begins with the first packets, which a reader that has just come may miss.
    const [, ...whole] = beeps;
    for (const [second, at] of whole.entries()) expect(Math.abs(at - whole[0]! - second)).toBeLessThan(0.01);
    expect(of(await recorded.entries(), 'segment-opened')).toMatchObject([
      { mimeType: 'audio/PCMU', clockRate: 8_000 },
    ]);
  },
  TIMEOUT_MS,
);

test(
  'of simulcast the highest layer is recorded; it stops without notice and comes back, and no picture stands for a second',
  async () => {
    const sizes = [
      { width: 160, height: 90 },
      { width: 320, height: 180 },
      { width: 640, height: 360 },
    ];
    const seconds = 14;
    const layers = await Promise.all(sizes.map((size) => makePicture({ seconds, ...size })));
    recorded = await RecordedCall.create({ clip: NO_CLIP, firstPort: FIRST_PORT });
    const { publication, senders } = await recorded.announceAs(recorded.enter('ann'), {
      kind: 'video',
      rtpParameters: layeredParameters(3),
    });
    // Those who look show the smallest only: the publisher was told that nobody needs the others.
    publication.demand.want('viewer', 0);
    await until('the publisher was told', () => publication.toldDemand === 0);
    const sending = senders.map((sender, index) => sender.sendVideo(layers[index]!, FRAMERATE));
    const capture = await recorded.record();
    await until('the publisher was told of the recorder', () => publication.toldDemand === 2);
    await until('four seconds were sent', () => senders[0]!.lastSent >= 4 * FRAMERATE);
    senders[2]!.pause();
    await until('nine seconds were sent', () => senders[0]!.lastSent >= 9 * FRAMERATE);
    senders[2]!.resume();
    await Promise.all(sending);
    await Bun.sleep(200);
    await capture.stop('stopped');
    const [segment, ...others] = await recorded.segments(publication.trackId);
    expect(others).toEqual([]);
    const seen = await readFrames(segment!.path);
    const sizesSeen = await readSizes(segment!.path);
    expect(sizesSeen.at(-1)).toBe('640x360');
    expect(sizesSeen.slice(-3)).toEqual(['640x360', '320x180', '640x360']);
    expect(longestGap(seen)).toBeLessThan(1);
    const numbers = numbersOf(seen);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.at(-1)).toBe(seconds * FRAMERATE - 1);
    // Of what was sent after the first keyframe, only what the silence cost is missing.
    expect(numbers.length).toBeGreaterThan((numbers.at(-1)! - numbers[0]!) * 0.9);
  },
  TIMEOUT_MS,
);
