import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorySegment } from '../story.ts';
import { normaliseAudio, SAMPLE_RATE } from './normalise-audio.ts';
import { SOURCE, Workshop } from './workshop.ts';

const SECONDS = 24;
const NAME = 'tone.mkv';
const TIMEOUT_MS = 30_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kaa-sound-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<string> {
  const child = Bun.spawn(['ffmpeg', '-v', 'info', '-nostats', ...args], { stderr: 'pipe', stdin: 'ignore' });
  const said = await new Response(child.stderr).text();
  expect(await child.exited).toBe(0);
  return said;
}

/** A tone of a sender whose clock does not run as the wall does. */
function segment(rate: number): StorySegment {
  const whole = { from: 0, to: SECONDS };
  return {
    name: NAME,
    clock: [{ from: 0, at: 0, rate }],
    stretches: [whole],
    flows: [{ fromMs: 0, toMs: SECONDS * rate * 1_000 }],
    endReason: 'stopped',
  };
}

test.each([1, 1.0005, 0.9995, 1.000_25])(
  'a sound whose clock runs at %d of the wall is as long as the wall says, and nowhere silent',
  async (rate) => {
    await run('-f', 'lavfi', '-i', `sine=440:d=${SECONDS}:r=48000`, '-c:a', 'libopus', join(folder, NAME));
    const workshop = await Workshop.open(join(folder, 'work'), {
      niceness: undefined,
      signal: new AbortController().signal,
    });
    const [take] = await normaliseAudio({
      workshop,
      source: SOURCE,
      segment: segment(rate),
      onProgress: () => {},
    });
    expect(take).toMatchObject({ at: 0, from: 0, samples: Math.round(SECONDS * rate * SAMPLE_RATE) });
    const file = join(workshop.folder, take!.file);
    const said = await run('-i', file, '-af', 'silencedetect=n=-50dB:d=0.05,astats', '-f', 'null', '-');
    expect(said).not.toContain('silence_start');
    const samples = Number(said.match(/Number of samples: (\d+)/)?.[1]);
    expect(Math.abs(samples / SAMPLE_RATE - SECONDS * rate)).toBeLessThan(0.04);
  },
  TIMEOUT_MS,
);
