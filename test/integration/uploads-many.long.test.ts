/** Twenty uploads at once, of small pictures: each ends with a file of its own, of what it sent and no other. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Encoder } from '../support/ingest/encoder.ts';
import { completedRecording, probeStreams } from '../support/ingest/results.ts';
import { describeLong } from '../support/long.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { readFrames } from '../support/media/read-media.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 400_000;
const COUNT = 20;
const SHORTEST_MS = 3_000;
/** Each goes on for so much longer than the one before it. */
const STEP_MS = 300;
/** From the answer to the first packet, and from the last one to the stop, on a machine with all of that to do. */
const SLACK_SECONDS = 1;
/** Of 300: those around the start, and what a busy machine was late for. */
const MISSED_FRAMES_SHARE = 0.15;

describeLong('twenty uploads at once', () => {
  let server: TestServer;
  let clip: Clip;

  beforeAll(async () => {
    clip = await makeClip(60);
    server = await startTestServer({ env: { RECORDING_RESOLUTION: '320x180', RECORDING_JOBS: '2' } });
  }, TIMEOUT_MS);

  afterAll(() => server?.close(), TIMEOUT_MS);

  async function upload(index: number, token: string) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const encoder = await Encoder.create({ clip });
    const response = await fetch(new URL('/webrtc/video', server.url), {
      method: 'POST',
      headers,
      body: JSON.stringify({ sdp_offer: encoder.offer, name: `upload-${index}`, uuid: `many-${index}` }),
    });
    const { id, sdp_answer } = (await response.json()) as { id: string; sdp_answer: string };
    await encoder.connect(sdp_answer);
    const startedAtMs = performance.now();
    await Bun.sleep(SHORTEST_MS + index * STEP_MS);
    const sentSeconds = (performance.now() - startedAtMs) / 1_000;
    encoder.close();
    const stopped = await fetch(new URL(`/webrtc/video/${id}`, server.url), { method: 'DELETE', headers });
    expect(stopped.status).toBe(200);
    return { id, sentSeconds, index };
  }

  test(
    'each has its file, as long as it sent, with its frames in their order',
    async () => {
      const token = await server.token('backend', ['service']);
      const sent = await Promise.all(Array.from({ length: COUNT }, (_, index) => upload(index, token)));
      expect(new Set(sent.map(({ id }) => id)).size).toBe(COUNT);
      for (const { id, sentSeconds, index } of sent) {
        const recording = await completedRecording(server, id, token);
        expect(recording.file_path).toBe(`uploads/${id}/upload-${index}.mp4`);
        const path = join(server.dataDir, 'recordings', recording.file_path);
        const { streams, seconds } = await probeStreams(path);
        expect(streams).toEqual(['video h264 320x180', 'audio aac']);
        expect(Math.abs(seconds - sentSeconds)).toBeLessThan(SLACK_SECONDS);
        const numbers = (await readFrames(path)).map(({ number }) => number);
        const different = new Set(numbers).size;
        expect(different).toBeGreaterThan(numbers.length * (1 - MISSED_FRAMES_SHARE));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    },
    TIMEOUT_MS,
  );
});
