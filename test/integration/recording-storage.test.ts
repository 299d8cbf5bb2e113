/** Recordings of a whole server in storages elsewhere: kept, played, deleted; and what is wrong there costs time alone. */
import { afterAll, beforeAll, test } from 'bun:test';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { LargeRecording } from '../support/storage/large-recording.ts';
import { KEPT, KILLED, REFUSED, runServerCase } from '../support/storage/whole-server.ts';

const TIMEOUT_MS = 120_000;

let clip: Clip;
let large: LargeRecording;

beforeAll(async () => {
  [clip, large] = await Promise.all([makeClip(4), LargeRecording.create('ann')]);
}, TIMEOUT_MS);

afterAll(() => large.close());

// Each with one of them here; with every one of them in the long suite.
for (const [provider, serverCase] of [
  ['s3', KEPT],
  ['gcs', REFUSED],
  ['vercel-blob', KILLED],
] as const) {
  test(
    `${provider}: ${serverCase.title}`,
    () => runServerCase(serverCase, provider, { clip, large }),
    TIMEOUT_MS,
  );
}
