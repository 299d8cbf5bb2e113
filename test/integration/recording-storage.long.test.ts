/** Recordings of a whole server in every storage elsewhere. */
import { afterAll, beforeAll, test } from 'bun:test';
import { describeLong } from '../support/long.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { LargeRecording } from '../support/storage/large-recording.ts';
import { STAND_IN_NAMES } from '../support/storage/stand-in-worlds.ts';
import { KEPT, KILLED, REFUSED, runServerCase } from '../support/storage/whole-server.ts';

const TIMEOUT_MS = 120_000;

describeLong('recordings in every storage elsewhere', () => {
  let clip: Clip;
  let large: LargeRecording;

  beforeAll(async () => {
    [clip, large] = await Promise.all([makeClip(4), LargeRecording.create('ann')]);
  }, TIMEOUT_MS);

  afterAll(() => large.close());

  for (const provider of STAND_IN_NAMES) {
    for (const serverCase of [KEPT, REFUSED, KILLED]) {
      test(
        `${provider}: ${serverCase.title}`,
        () => runServerCase(serverCase, provider, { clip, large }),
        TIMEOUT_MS,
      );
    }
  }
});
