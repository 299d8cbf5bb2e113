/** The disk fills up under a capture: it is told, the call goes on, what was captured is kept, and capture goes on when it can. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import { failureOf } from '../support/failure.ts';
import { type Clip, FRAMERATE, makeClip } from '../support/media/clip.ts';
import { of, RecordedCall, untilNoted } from '../support/media/recorded-call.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const FIRST_PORT = 47_400;

const obstacle = SmallDisk.findObstacle();
let clip: Clip;
let disk: SmallDisk;
let recorded: RecordedCall;

beforeAll(async () => {
  if (!obstacle) clip = await makeClip(20);
}, TIMEOUT_MS);

beforeEach(async () => {
  if (!obstacle) disk = await SmallDisk.create(12);
});

afterEach(async () => {
  if (obstacle) return;
  await recorded.close();
  await disk.close();
  expect(recorded.ports.takenCount).toBe(0);
});

const testOnDisk = (what: string, body: () => Promise<void>) =>
  obstacle ? test.skip(`${what}: ${obstacle}`, () => {}) : test(what, body, TIMEOUT_MS);

testOnDisk(
  'a disk that fills up is told once; who comes and goes meanwhile is known, and all goes on by itself when there is space',
  async () => {
    recorded = await RecordedCall.create({
      clip,
      firstPort: FIRST_PORT,
      folder: join(disk.path, 'recording'),
    });
    const ann = recorded.enter('ann');
    const capture = await recorded.record();
    const told: string[] = [];
    capture.events.on('failed', ({ reason }) => told.push(`failed ${reason}`));
    capture.events.on('recovered', ({ reason }) => told.push(`recovered ${reason}`));
    const video = await recorded.publish(ann, 'video');
    const audio = await recorded.publish(ann, 'audio');
    await untilNoted(recorded, 'segment-began', 2);
    await until('two seconds were sent', () => video.sender.lastSent >= 2 * FRAMERATE);
    const full = video.sender.lastSent;
    await disk.fill(0);
    await until('it was told', () => told.length > 0);
    expect(told).toEqual(['failed disk-full']);
    await until('no reader runs', () => capture.readerPids.length === 0);
    // The call notices nothing.
    recorded.enter('bob');
    expect(recorded.call.visibleParticipants.map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    await video.publication.pause();
    await video.publication.resume();
    await Bun.sleep(2_500);
    expect(told).toEqual(['failed disk-full']);
    expect(capture.troubles).toHaveLength(1);
    await disk.empty();
    await untilNoted(recorded, 'segment-began', 4);
    const freed = video.sender.lastSent;
    await until('two seconds were sent', () => video.sender.lastSent >= freed + 2 * FRAMERATE);
    await capture.stop('stopped');
    expect(told).toEqual(['failed disk-full', 'recovered disk-full']);

    const entries = await recorded.entries();
    expect(of(entries, 'participant-joined').map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    expect(of(entries, 'track-paused')).toHaveLength(1);
    expect(of(entries, 'closed')).toHaveLength(1);
    // The first packet, what a sender reports, and the end that was asked for have times of their own, before their lines.
    const times = entries
      .filter(({ type }) => !['segment-began', 'sender-report', 'closed'].includes(type))
      .map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { publication } of [video, audio]) {
      const reasons = (await recorded.segments(publication.trackId)).map(({ reason }) => reason);
      expect(reasons[0]).toBe('disk-full');
      expect(reasons.at(-1)).toBe('stopped');
    }
    const files = (await recorded.frames(video.publication.trackId)).filter(({ length }) => length > 0);
    expect(files).toHaveLength(2);
    for (const frames of files) {
      const numbers = frames.map(({ number }) => number);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    }
    expect(full - files[0]!.at(-1)!.number).toBeLessThan(FRAMERATE);
    expect(files[1]!.length).toBeGreaterThan(FRAMERATE);
  },
);

testOnDisk('a recording that is stopped while the disk is full ends, and leaves nothing open', async () => {
  recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT, folder: join(disk.path, 'recording') });
  const capture = await recorded.record();
  const failed = new Promise((resolve) => capture.events.on('failed', resolve));
  const { publication } = await recorded.publish(recorded.enter('ann'), 'video');
  await untilNoted(recorded, 'segment-began', 1);
  await Bun.sleep(1_000);
  await disk.fill(0);
  expect(await failed).toMatchObject({ reason: 'disk-full' });
  await capture.stop('stopped');
  expect(recorded.call.participants.has('recorder')).toBe(false);
  const [frames] = await recorded.frames(publication.trackId);
  expect(frames!.length).toBeGreaterThan(20);
});

testOnDisk('a recording does not begin on a disk that is full, and begins later', async () => {
  recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT, folder: join(disk.path, 'recording') });
  await disk.fill(0);
  expect(await failureOf(recorded.record())).toMatchObject({ code: 'ENOSPC' });
  expect(recorded.call.participants.has('recorder')).toBe(false);
  await disk.empty();
  const capture = await recorded.record();
  const { publication } = await recorded.publish(recorded.enter('ann'), 'video');
  await untilNoted(recorded, 'segment-began', 1);
  await Bun.sleep(500);
  await capture.stop('stopped');
  expect((await recorded.frames(publication.trackId))[0]!.length).toBeGreaterThan(5);
});
