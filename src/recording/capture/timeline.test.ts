import { afterAll, beforeAll, expect, test } from 'bun:test';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTimeline, Timeline } from './timeline.ts';

const SUBJECT = { recordingId: 'r', callId: 'c', roomId: 'room' };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kaa-timeline-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('what is noted is read again, in order, with times that grow', async () => {
  const path = join(folder, 'order.jsonl');
  const timeline = await Timeline.open(path, SUBJECT);
  const userIds = Array.from({ length: 500 }, (_, index) => `user-${index}`);
  await Promise.all(userIds.map((userId) => timeline.note({ type: 'participant-left', userId })));
  await timeline.close();
  await timeline.close();
  const [anchor, ...entries] = await readTimeline(path);
  expect(anchor).toMatchObject({ type: 'anchor', atMs: expect.any(Number), ...SUBJECT });
  expect(entries.map((entry) => 'userId' in entry && entry.userId)).toEqual(userIds);
  expect(entries.map(({ atMs }) => atMs)).toEqual(entries.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
});

test('it is on the disk when it is said to be', async () => {
  const path = join(folder, 'disk.jsonl');
  const timeline = await Timeline.open(path, SUBJECT);
  await timeline.note({ type: 'closed', reason: 'stopped' });
  expect(await readFile(path, 'utf8')).toMatch(/\n\{"type":"closed","reason":"stopped","atMs":[\d.]+\}\n$/);
  await timeline.close();
});

test('a line that was cut off is left out, and what comes after it is whole', async () => {
  const path = join(folder, 'cut.jsonl');
  const before = await Timeline.open(path, SUBJECT);
  await before.note({ type: 'track-paused', trackId: 'a' });
  await before.close();
  await appendFile(path, '{"type":"track-resu');
  const after = await Timeline.open(path, SUBJECT);
  await after.note({ type: 'track-removed', trackId: 'a' });
  await after.close();
  expect((await readTimeline(path)).map(({ type }) => type)).toEqual([
    'anchor',
    'track-paused',
    'anchor',
    'track-removed',
  ]);
});

test('what is jotted down goes with what is written next, and each beat writes', async () => {
  const path = join(folder, 'jotted.jsonl');
  const timeline = await Timeline.open(path, SUBJECT);
  timeline.jot({ type: 'packets-missed', segment: 's', packets: 2 });
  await timeline.beat();
  expect((await readTimeline(path)).map(({ type }) => type)).toEqual([
    'anchor',
    'packets-missed',
    'heartbeat',
  ]);
  await timeline.close();
});

test('a moment has the wall time that the clock of the anchor gives it', async () => {
  const timeline = await Timeline.open(join(folder, 'wall.jsonl'), SUBJECT);
  expect(Math.abs(timeline.toWallMs(performance.now()) - Date.now())).toBeLessThan(20);
  expect(timeline.toWallMs(5_000) - timeline.toWallMs(4_000)).toBe(1_000);
  await timeline.close();
});
