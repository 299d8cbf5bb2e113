/** One track into a file: what the publisher sent is found again, whatever happens to the reader, the worker and the network. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Slots } from '../../src/lib/index.ts';
import { MediaServer, PortPairs, type Room, TapEndpoint } from '../../src/media/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { Segment, type SegmentEnd } from '../../src/recording/capture/segment.ts';
import { type Clip, FRAMERATE, makeClip } from '../support/media/clip.ts';
import { flashesOf, readBeeps, readFrames } from '../support/media/read-media.ts';
import { RtpSender } from '../support/media/rtp-sender.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';

const CLIP_SECONDS = 6;
const TIMEOUT_MS = 60_000;

let folder: string;
let media: MediaServer;
let room: Room;
let clip: Clip;
let files = 0;
const endpoint = new TapEndpoint();
const ports = new PortPairs({ from: 46_000, to: 46_199 });
const starts = new Slots(4);
const logger = createLogger({ level: 'error', format: 'json', service: 'kaa-test' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kaa-capture-'));
  clip = await makeClip(CLIP_SECONDS);
  const options = { size: 1, port: 0, listenIp: '127.0.0.1', announcedAddress: undefined };
  const workerBin = process.env.MEDIASOUP_WORKER_BIN;
  media = await MediaServer.create({ ...options, timeoutMs: 5_000, workerCapacity: 500, workerBin }, logger);
  room = await media.createRoom();
}, TIMEOUT_MS);

afterAll(async () => {
  await media.close();
  await rm(folder, { recursive: true });
});

async function publish(kind: 'audio' | 'video', options: { jitterMs?: number; loss?: number } = {}) {
  const feed = room.createFeedEndpoint(`sender-${crypto.randomUUID()}`);
  const rtpParameters = kind === 'video' ? vp8Parameters() : opusParameters();
  const source = kind === 'video' ? 'camera' : 'microphone';
  const { publication, port } = await feed.publish({ kind, source, rtpParameters });
  const [codec] = rtpParameters.codecs;
  const sender = new RtpSender({
    port,
    ssrc: rtpParameters.encodings[0]!.ssrc!,
    payloadType: codec!.payloadType,
    clockRate: codec!.clockRate,
    ...options,
  });
  const send = () =>
    kind === 'video' ? sender.sendVideo(clip.frames, FRAMERATE) : sender.sendAudio(clip.packets, 20);
  return { feed, publication, sender, send };
}

async function record(publication: Parameters<typeof Segment.create>[0]['publication']) {
  files += 1;
  const segment = await Segment.create({
    publication,
    tools: { endpoint, ports, starts },
    path: join(folder, `${files}.mkv`),
    logger,
  });
  const ended = new Promise<SegmentEnd>((resolve) => segment.events.on('ended', resolve));
  const reports: unknown[] = [];
  segment.events.on('reported', (report) => reports.push(report));
  const began = new Promise((resolve) => segment.events.on('began', resolve));
  await segment.start();
  return { segment, began, ended, reports };
}

test(
  'every frame is in the file, in order and at its time; the end is orderly, and nothing is left',
  async () => {
    const { feed, publication, sender, send } = await publish('video');
    const { segment, began, ended, reports } = await record(publication);
    await send();
    expect(await began).toMatchObject({ rtpTimestamp: expect.any(Number) });
    await Bun.sleep(200);
    await segment.stop();
    await segment.stop();
    expect(await ended).toBe('stopped');
    expect(reports.length).toBeGreaterThan(0);
    const frames = await readFrames(segment.path);
    expect(frames.map(({ number }) => number)).toEqual(clip.frames.map((_, index) => index));
    for (const [index, { at }] of frames.entries()) expect(at).toBeCloseTo(index / FRAMERATE, 2);
    expect(flashesOf(frames)).toHaveLength(CLIP_SECONDS);
    expect(ports.takenCount).toBe(0);
    expect(() => process.kill(segment.readerPid, 0)).toThrow();
    sender.close();
    feed.close();
  },
  TIMEOUT_MS,
);

test(
  'every beep is in the file at its time, and a microphone that is muted for longer than ffmpeg would wait goes on',
  async () => {
    const { feed, publication, sender, send } = await publish('audio');
    const { segment } = await record(publication);
    await send();
    await Bun.sleep(200);
    await segment.stop();
    const beeps = await readBeeps(segment.path);
    expect(beeps).toHaveLength(CLIP_SECONDS);
    for (const [second, at] of beeps.entries()) expect(Math.abs(at - beeps[0]! - second)).toBeLessThan(0.01);
    sender.close();
    feed.close();
  },
  TIMEOUT_MS,
);

test(
  'packets that overtake each other or are lost cost some frames, not the rest of the file',
  async () => {
    for (const [network, atLeast] of [
      [{ jitterMs: 30 }, 0.8],
      [{ loss: 0.02 }, 0.6],
    ] as const) {
      const { feed, publication, sender, send } = await publish('video', network);
      const { segment, ended } = await record(publication);
      await send();
      await Bun.sleep(200);
      await segment.stop();
      expect(await ended).toBe('stopped');
      const frames = await readFrames(segment.path);
      console.log(network, frames.length, frames.at(-1));
      expect(frames.length).toBeGreaterThan(clip.frames.length * atLeast);
      sender.close();
      feed.close();
    }
  },
  TIMEOUT_MS,
);

test(
  'a reader that is killed, and a track that ends, end the segment and say so; what was written can be read',
  async () => {
    for (const how of ['reader-died', 'track-ended'] as const) {
      const { feed, publication, sender, send } = await publish('video');
      const { segment, ended } = await record(publication);
      const sending = send();
      await Bun.sleep(3_000);
      if (how === 'reader-died') process.kill(segment.readerPid, 'SIGKILL');
      else publication.close();
      expect(await ended).toBe(how);
      expect(ports.takenCount).toBe(0);
      const frames = await readFrames(segment.path);
      // At most the last second is missing.
      expect(frames.length).toBeGreaterThan(2 * FRAMERATE);
      sender.stop();
      await sending;
      sender.close();
      feed.close();
    }
  },
  TIMEOUT_MS,
);
