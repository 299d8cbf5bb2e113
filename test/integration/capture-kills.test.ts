/** A capture survives what is killed or hangs under it; of what was forwarded at most the last second is missing. */
import { afterEach, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTimeline } from '../../src/recording/capture/index.ts';
import { placeSegments } from '../../src/recording/finish/placement.ts';
import { type Clip, FRAMERATE, makeClip } from '../support/media/clip.ts';
import { readFrames, type SeenFrame } from '../support/media/read-media.ts';
import { isRunning, of, RecordedCall, untilGone, untilNoted } from '../support/media/recorded-call.ts';
import { RecordingProcess } from '../support/media/recording-process.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const FIRST_PORT = 46_400;

let clip: Clip;
let recorded: RecordedCall | undefined;

beforeAll(async () => {
  clip = await makeClip(20);
}, TIMEOUT_MS);

afterEach(async () => {
  await recorded?.close();
  expect(recorded?.ports.takenCount ?? 0).toBe(0);
});

const numbersOf = (frames: readonly SeenFrame[]) => frames.map(({ number }) => number);

/** Each segment without a hole, one after another. */
function expectOrder(segments: readonly (readonly SeenFrame[])[]): void {
  let last = -1;
  for (const frames of segments) {
    const numbers = numbersOf(frames);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    expect(numbers[0]!).toBeGreaterThan(last);
    last = numbers.at(-1)!;
  }
}

test(
  'a reader that is killed costs less than the last second, and the next segment begins with the next keyframe',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const ann = recorded.enter('ann');
    const capture = await recorded.record();
    const { publication, sender } = await recorded.publish(ann, 'video');
    await untilNoted(recorded, 'segment-began', 1);
    await until('three seconds were sent', () => sender.lastSent >= 3 * FRAMERATE);
    const [pid] = capture.readerPids;
    process.kill(pid!, 'SIGKILL');
    const sent = sender.lastSent;
    await untilGone(pid!);
    await untilNoted(recorded, 'segment-began', 2);
    await until('two more were sent', () => sender.lastSent >= sent + 2 * FRAMERATE);
    await capture.stop('stopped');
    const segments = await recorded.frames(publication.trackId);
    expectOrder(segments);
    const [before, after] = segments.map(numbersOf);
    expect(sent - before!.at(-1)!).toBeLessThan(FRAMERATE);
    // The reader starts, and then waits for a keyframe, of which there are two a second.
    expect(after![0]! - sent).toBeLessThan(1.5 * FRAMERATE);
    expect(capture.troubles).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a reader that stands still while the track flows is killed, and another takes its place',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const ann = recorded.enter('ann');
    const capture = await recorded.record();
    const video = await recorded.publish(ann, 'video');
    const audio = await recorded.publish(ann, 'audio');
    await untilNoted(recorded, 'segment-began', 2);
    await until('a second was sent', () => video.sender.lastSent >= FRAMERATE);
    const pids = capture.readerPids;
    expect(pids).toHaveLength(2);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await Promise.all(pids.map(untilGone));
    await untilNoted(recorded, 'segment-began', 4);
    await Bun.sleep(1_000);
    await capture.stop('stopped');
    for (const { publication } of [video, audio]) {
      const segments = await recorded.segments(publication.trackId);
      expect(segments.map(({ reason }) => reason)).toEqual(['stalled', 'stopped']);
    }
    expectOrder(await recorded.frames(video.publication.trackId));
  },
  TIMEOUT_MS,
);

test(
  'a reader that dies again and again is started slower each time and told of; when it lives again, that is told too',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const ann = recorded.enter('ann');
    const capture = await recorded.record();
    const told: string[] = [];
    capture.events.on('failed', ({ reason }) => told.push(`failed ${reason}`));
    capture.events.on('recovered', ({ reason }) => told.push(`recovered ${reason}`));
    const { publication } = await recorded.publish(ann, 'video');
    const killed = new Set<number>();
    const startedAt: number[] = [];
    for (;;) {
      const another = () => capture.readerPids.some((pid) => !killed.has(pid));
      await until('another reader runs, or it was told', () => told.length > 0 || another());
      if (told.length > 0) break;
      const [pid] = capture.readerPids;
      startedAt.push(performance.now());
      killed.add(pid!);
      process.kill(pid!, 'SIGKILL');
      await untilGone(pid!);
    }
    expect(told).toEqual(['failed track-not-captured']);
    expect(capture.troubles).toMatchObject([
      { reason: 'track-not-captured', trackId: publication.trackId, message: 'reader-died' },
    ]);
    expect(killed.size).toBe(3);
    // At once, then after 250 ms.
    expect(startedAt[2]! - startedAt[1]!).toBeGreaterThan(240);
    await until('it is told to be well', () => told.length === 2, 20_000);
    expect(told[1]).toBe('recovered track-not-captured');
    expect(capture.troubles).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a worker that is killed, or hangs and is killed for it: what it forwarded is kept, and the same tracks go on in new segments',
  async () => {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      await recorded?.close();
      recorded = await RecordedCall.create({
        clip,
        firstPort: FIRST_PORT,
        workers: 2,
        workerTimeoutMs: 1_500,
      });
      const ann = recorded.enter('ann');
      const capture = await recorded.record();
      const { publication, sender } = await recorded.publish(ann, 'video');
      await untilNoted(recorded, 'segment-began', 1);
      await until('two seconds were sent', () => sender.lastSent >= 2 * FRAMERATE);
      const [workerPid] = recorded.call.room.workerPids;
      const [readerPid] = capture.readerPids;
      process.kill(workerPid!, signal);
      const sent = sender.lastSent;
      await untilGone(workerPid!);
      await untilGone(readerPid!);
      await untilNoted(recorded, 'segment-ended', 1);
      const [segment] = await recorded.segments(publication.trackId);
      expect(segment!.reason).toBe('track-ended');
      const [frames] = await recorded.frames(publication.trackId);
      expectOrder([frames!]);
      expect(sent - frames!.at(-1)!.number).toBeLessThan(FRAMERATE);
      expect(capture.readerPids).toEqual([]);
      // A feed ends with its worker; whoever it is comes back as somebody new.
      const again = recorded.enter('ann');
      const second = await recorded.publish(again, 'video');
      await untilNoted(recorded, 'segment-began', 2);
      await until('a second was sent', () => second.sender.lastSent >= FRAMERATE);
      await capture.stop('stopped');
      expectOrder(await recorded.frames(second.publication.trackId));
      expect(of(await recorded.entries(), 'segment-ended')).toHaveLength(2);
    }
  },
  TIMEOUT_MS,
);

test(
  'a server that is killed takes its readers along; another one goes on in the same folder, and touches nothing of before',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kaa-killed-server-'));
    const readEntries = () => readTimeline(join(folder, 'timeline.jsonl'));
    const hashes = async (names: readonly string[]) =>
      Promise.all(names.map(async (name) => Bun.hash(await Bun.file(join(folder, name)).bytes())));
    const first = await RecordingProcess.start({ folder, firstPort: FIRST_PORT + 200, clip });
    await until('four seconds were sent', () => first.sender.lastSent >= 4 * FRAMERATE);
    first.kill();
    const sent = first.sender.lastSent;
    const killedAtMs = Date.now();
    for (const pid of [first.pid, ...first.readerPids, ...first.workerPids]) await untilGone(pid);
    first.sender.close();
    const before = await readEntries();
    const names = of(before, 'segment-opened').map(({ segment }) => segment);
    expect(names).toHaveLength(1);
    const frames = await readFrames(join(folder, names[0]!));
    expectOrder([frames]);
    expect(sent - frames.at(-1)!.number).toBeLessThan(FRAMERATE);
    // The end of this run is known, to the second.
    const [anchor] = of(before, 'anchor');
    const lastKnownMs = anchor!.wallMs - anchor!.atMs + before.at(-1)!.atMs;
    expect(killedAtMs - lastKnownMs).toBeLessThan(1_200);
    const kept = await hashes(names);

    const second = await RecordingProcess.start({ folder, firstPort: FIRST_PORT + 200, clip });
    await until('two seconds were sent', () => second.sender.lastSent >= 2 * FRAMERATE);
    await second.stop();
    expect(isRunning(second.pid)).toBe(false);
    const entries = await readEntries();
    expect(entries.slice(0, before.length)).toEqual(before);
    expect(of(entries, 'anchor')).toHaveLength(2);
    expect(entries.at(-1)).toMatchObject({ type: 'closed', reason: 'stopped' });
    expect(await hashes(names)).toEqual(kept);
    const placed = placeSegments(entries);
    expect(placed.map(({ segment }) => segment)).toEqual(
      of(entries, 'segment-opened').map(({ segment }) => segment),
    );
    expect(placed[1]!.startMs).toBeGreaterThan(killedAtMs);
    expectOrder([await readFrames(join(folder, placed[1]!.segment))]);
    await rm(folder, { recursive: true });
  },
  TIMEOUT_MS,
);
