import { expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FRAMERATE, makeClip, makePictureFile, makeSoundFile } from '../support/media/clip.ts';
import { flashesOf, readBeeps, readFrames } from '../support/media/read-media.ts';

test('what the clip shows and plays is found again, at its time', async () => {
  const seconds = 4;
  const { frames, packets } = await makeClip(seconds);
  expect(frames).toHaveLength(seconds * FRAMERATE);
  expect(packets).toHaveLength(seconds * 50);
  const path = join(tmpdir(), `kaa-${crypto.randomUUID()}.mkv`);
  const inputs = [await makePictureFile({ seconds }), await makeSoundFile(seconds)].flatMap((file) => [
    '-i',
    file,
  ]);
  const mux = Bun.spawn(['ffmpeg', '-v', 'error', ...inputs, '-c', 'copy', path]);
  expect(await mux.exited).toBe(0);
  const seen = await readFrames(path);
  expect(seen.map(({ number }) => number)).toEqual(seen.map((_, index) => index));
  for (const [index, { at }] of seen.entries()) expect(at).toBeCloseTo(index / FRAMERATE, 2);
  expect(flashesOf(seen).map(Math.round)).toEqual([0, 1, 2, 3]);
  const beeps = await readBeeps(path);
  expect(beeps).toHaveLength(4);
  for (const [second, at] of beeps.entries()) expect(Math.abs(at - second)).toBeLessThan(0.012);
  await rm(path);
}, 60_000);
