/** From the folder of a recording to its files: what was captured is found again, at its place and at its time. */
import { afterEach, expect, test } from 'bun:test';
import { createLogger } from '../../src/observability/index.ts';
import { type FinishPhase, finishRecording } from '../../src/recording/finish/index.ts';
import { flashesOf, readBeeps, readFrames } from '../support/media/read-media.ts';
import { RecordingFolder } from '../support/media/recording-folder.ts';

const TIMEOUT_MS = 60_000;
const logger = createLogger({ level: 'warn', format: 'json', service: 'kaa-test' });

const PHASES = [
  'remuxing',
  'normalising',
  'composing',
  'mixing',
  'encoding',
  'thumbnails',
  'manifest',
] as const;

let folder: RecordingFolder;

afterEach(() => folder.remove());

function finish(signal = new AbortController().signal) {
  const steps: [FinishPhase, number][] = [];
  const onProgress = (phase: FinishPhase, progress: number) => steps.push([phase, progress]);
  return { steps, result: finishRecording(folder.path, { signal, onProgress, logger }) };
}

test(
  'sound and picture are in step, also of a track that begins late and of clocks that are off, and no frame is missing',
  async () => {
    folder = await RecordingFolder.create();
    folder.joined(0, 'ann');
    const camera = folder.published(0, 'ann', 'camera');
    const microphone = folder.published(0, 'ann', 'microphone');
    await folder.segment({ trackId: camera, fromMs: 500, seconds: 10, skewPpm: 500, jitterMs: 30 });
    await folder.segment({ trackId: microphone, fromMs: 7_500, seconds: 4, skewPpm: -500, jitterMs: 30 });
    await folder.close(12_000);
    const { result, steps } = finish();
    const { files, durationMs, tracks } = await result;
    expect([durationMs, tracks]).toEqual([12_000, 2]);
    const path = files[0]!.path;
    const frames = await readFrames(path);
    expect(frames).toHaveLength(360);
    const seen = new Set(frames.filter(({ at }) => at > 0.6 && at < 10.4).map(({ number }) => number));
    expect(seen.size).toBeGreaterThan(290);
    const flashes = flashesOf(frames);
    const beeps = await readBeeps(path);
    expect([flashes.length, beeps.length]).toEqual([10, 4]);
    // Both were the first thing of their tracks, 7 s apart.
    for (const [index, at] of flashes.entries()) expect(Math.abs(at - index - 0.5)).toBeLessThan(0.04);
    for (const [index, at] of beeps.entries()) expect(Math.abs(at - index - 7.5)).toBeLessThan(0.04);
    const values = steps.map(([, progress]) => progress);
    expect(values).toEqual(values.toSorted((x, y) => x - y));
    expect(values.at(-1)).toBe(1);
    expect([...new Set(steps.map(([phase]) => phase))]).toEqual([...PHASES]);
  },
  TIMEOUT_MS,
);
