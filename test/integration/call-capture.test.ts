/** A call into a folder: every track in segments, and a timeline that tells what was when, whatever breaks meanwhile. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Call } from '../../src/engine/call.ts';
import { Participant } from '../../src/engine/index.ts';
import { newId, Slots } from '../../src/lib/index.ts';
import { type FeedEndpoint, MediaServer, PortPairs } from '../../src/media/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { CallCapture, readTimeline, type TimelineEntry } from '../../src/recording/capture/index.ts';
import { type Clip, FRAMERATE, makeClip } from '../support/media/clip.ts';
import { readFrames } from '../support/media/read-media.ts';
import { RtpSender } from '../support/media/rtp-sender.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';

const TIMEOUT_MS = 60_000;

let media: MediaServer;
let clip: Clip;
let call: Call;
let folder: string;
let capture: CallCapture;
const senders: RtpSender[] = [];
const ports = new PortPairs({ from: 46_200, to: 46_399 });
const logger = createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' });

beforeAll(async () => {
  clip = await makeClip(6);
  const options = { size: 2, port: 0, listenIp: '127.0.0.1', announcedAddress: undefined };
  const workerBin = process.env.MEDIASOUP_WORKER_BIN;
  media = await MediaServer.create({ ...options, timeoutMs: 5_000, workerCapacity: 500, workerBin }, logger);
}, TIMEOUT_MS);

afterAll(() => media.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kaa-call-capture-'));
  call = new Call({
    callId: newId(),
    roomId: 'recorded',
    room: await media.createRoom(),
    maxParticipants: 10,
    emptyTimeoutMs: 60_000,
    maxDurationMs: 600_000,
    startedAt: new Date(),
  });
});

afterEach(async () => {
  for (const sender of senders.splice(0)) sender.close();
  call.end('ended-by-host');
  await rm(folder, { recursive: true });
});

function enter(userId: string): FeedEndpoint {
  const endpoint = call.room.createFeedEndpoint(userId);
  const permissions = {
    publish: ['microphone' as const, 'camera' as const],
    subscribe: false,
    data: false,
    record: false,
    moderate: false,
    hidden: false,
    phone: false,
  };
  call.admit(
    new Participant({
      id: newId(),
      userId,
      name: userId,
      metadata: {},
      permissions,
      endpoint,
      tell: () => {},
    }),
  );
  return endpoint;
}

async function publish(feed: FeedEndpoint, kind: 'audio' | 'video') {
  const rtpParameters = kind === 'video' ? vp8Parameters() : opusParameters();
  const source = kind === 'video' ? 'camera' : 'microphone';
  const { publication, port } = await feed.publish({ kind, source, rtpParameters });
  const { payloadType, clockRate } = rtpParameters.codecs[0]!;
  const sender = new RtpSender({ port, ssrc: rtpParameters.encodings[0]!.ssrc!, payloadType, clockRate });
  senders.push(sender);
  const done =
    kind === 'video' ? sender.sendVideo(clip.frames, FRAMERATE) : sender.sendAudio(clip.packets, 20);
  return { publication, done };
}

function record(): Promise<CallCapture> {
  return CallCapture.create({ call, recordingId: newId(), folder, ports, starts: new Slots(4), logger });
}

function of<T extends TimelineEntry['type']>(entries: readonly TimelineEntry[], type: T) {
  return entries.filter((entry): entry is Extract<TimelineEntry, { type: T }> => entry.type === type);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(10);
}

test(
  'who is there and who comes late are recorded; a camera that is paused, a reader that dies, one who leaves: each is a gap, told and survived',
  async () => {
    const ann = enter('ann');
    const first = await publish(ann, 'video');
    capture = await record();
    expect(call.visibleParticipants.map(({ userId }) => userId)).toEqual(['ann']);
    await until(() => capture.readerPids.length === 1);
    await Bun.sleep(1_000);
    const bob = enter('bob');
    await publish(bob, 'audio');
    await until(() => capture.readerPids.length === 2);
    process.kill(capture.readerPids[0]!, 'SIGKILL');
    await Bun.sleep(1_000);
    await first.publication.pause();
    await Bun.sleep(500);
    await first.publication.resume();
    await Bun.sleep(1_000);
    bob.close();
    call.participants.get('bob')!.close('left');
    await Bun.sleep(500);
    await capture.stop('stopped');

    const entries = await readTimeline(join(folder, 'timeline.jsonl'));
    expect(entries[0]).toMatchObject({ type: 'anchor', roomId: 'recorded' });
    expect(entries.at(-1)).toMatchObject({ type: 'closed', reason: 'stopped' });
    expect(of(entries, 'participant-joined').map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    expect(of(entries, 'participant-left').map(({ userId }) => userId)).toEqual(['bob']);
    const { trackId } = first.publication;
    const opened = of(entries, 'segment-opened').filter((entry) => entry.trackId === trackId);
    expect(opened).toHaveLength(3);
    const ends = opened.map(
      ({ segment }) => of(entries, 'segment-ended').find((end) => end.segment === segment)!.reason,
    );
    expect(ends).toEqual(['reader-died', 'stopped', 'stopped']);
    expect(of(entries, 'track-paused')).toHaveLength(1);
    expect(of(entries, 'sender-report').length).toBeGreaterThan(2);
    let last = -1;
    for (const { segment, mimeType, clockRate } of opened) {
      expect({ mimeType, clockRate }).toEqual({ mimeType: 'video/VP8', clockRate: 90_000 });
      expect(of(entries, 'segment-began').some((entry) => entry.segment === segment)).toBe(true);
      const numbers = (await readFrames(join(folder, segment))).map(({ number }) => number);
      expect(numbers.length).toBeGreaterThan(10);
      expect(numbers[0]!).toBeGreaterThan(last);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
      last = numbers.at(-1)!;
    }
    expect(ports.takenCount).toBe(0);
    expect(call.participants.has('recorder')).toBe(false);
  },
  TIMEOUT_MS,
);

test(
  'a call that ends under the recorder tells it, and what was captured is kept',
  async () => {
    const ann = enter('ann');
    await publish(ann, 'video');
    capture = await record();
    const ended = new Promise<void>((resolve) => capture.events.on('ended', () => resolve()));
    await until(() => capture.readerPids.length === 1);
    await Bun.sleep(1_500);
    call.end('ended-by-host');
    await ended;
    await capture.stop('call-ended');
    await capture.stop('again');
    const entries = await readTimeline(join(folder, 'timeline.jsonl'));
    expect(entries.at(-1)).toMatchObject({ type: 'closed', reason: 'call-ended' });
    const [segment] = of(entries, 'segment-opened');
    expect((await readFrames(join(folder, segment!.segment))).length).toBeGreaterThan(20);
    expect(ports.takenCount).toBe(0);
  },
  TIMEOUT_MS,
);
