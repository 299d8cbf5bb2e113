/** Ten minutes of flashes and beeps from clocks that are off in opposite directions, and where they are in the finished file. */
import { afterEach, expect, test } from 'bun:test';
import { createLogger } from '../../src/observability/index.ts';
import { finishRecording } from '../../src/recording/finish/index.ts';
import { describeLong } from '../support/long.ts';
import { readBeeps, readFlashes } from '../support/media/read-media.ts';
import { RecordingFolder } from '../support/media/recording-folder.ts';

const SECONDS = 600;
const TIMEOUT_MS = 30 * 60_000;

let folder: RecordingFolder;

describeLong('ten minutes', () => {
  afterEach(() => folder.remove());

  for (const skewPpm of [-500, 500]) {
    test(
      `a camera that is ${skewPpm} ppm off and a microphone that is as much off the other way are in step to the end`,
      async () => {
        folder = await RecordingFolder.create();
        folder.joined(0, 'ann');
        const camera = folder.published(0, 'ann', 'camera');
        const microphone = folder.published(0, 'ann', 'microphone');
        await folder.segment({ trackId: camera, fromMs: 500, seconds: SECONDS, skewPpm, jitterMs: 30 });
        await folder.segment({
          trackId: microphone,
          fromMs: 7_500,
          seconds: SECONDS,
          skewPpm: -skewPpm,
          jitterMs: 30,
        });
        await folder.close(620_000);
        const { files, durationMs } = await finishRecording(folder.path, {
          signal: new AbortController().signal,
          onProgress: () => {},
          logger: createLogger({ level: 'warn', format: 'json', service: 'kaa-test' }),
        });
        expect(durationMs).toBe(620_000);
        const [flashes, beeps] = [await readFlashes(files[0]!.path), await readBeeps(files[0]!.path)];
        expect(flashes.length).toBeGreaterThan(SECONDS * 0.99);
        expect(beeps.length).toBeGreaterThan(SECONDS * 0.99);
        // The clip of the microphone began 7 s later: each of its beeps belongs to the flash that is nearest.
        const errors = beeps
          .filter((at) => at < SECONDS)
          .map((beep) => Math.min(...flashes.map((flash) => Math.abs(flash - beep))))
          .toSorted((a, b) => a - b);
        const p95 = errors[Math.floor(errors.length * 0.95)]!;
        console.log(
          `${skewPpm} ppm: ${flashes.length} flashes, ${beeps.length} beeps, 95th percentile ${p95 * 1_000} ms, worst ${errors.at(-1)! * 1_000} ms`,
        );
        expect(p95).toBeLessThan(0.04);
        expect(Math.abs(beeps.at(-1)! - 7.5 - (SECONDS - 1))).toBeLessThan(0.04);
      },
      TIMEOUT_MS,
    );
  }
});
