/** What is odd about a track, and must be nothing odd for the recording. */
import { afterEach, beforeAll, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { failureOf } from '../support/failure.ts';
import { type Clip, makeClip } from '../support/media/clip.ts';
import { isRunning, of, RecordedCall, untilNoted } from '../support/media/recorded-call.ts';
import { RtpSender } from '../support/media/rtp-sender.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
const FIRST_PORT = 46_800;

let clip: Clip;
let recorded: RecordedCall;

beforeAll(async () => {
  clip = await makeClip(6);
}, TIMEOUT_MS);

afterEach(async () => {
  await recorded.close();
  expect(recorded.ports.takenCount).toBe(0);
});

const openFiles = () => readdirSync('/proc/self/fd').length;

/** Lines of the log that somebody would be woken by. */
const warnings = () => recorded.logged.filter((line) => JSON.parse(line).level !== 'debug');

test(
  'twenty tracks at once are all captured, each whole, and nothing is left of them',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    // What is loaded once stays open.
    await (await recorded.record()).stop('warm');
    const before = openFiles();
    const people = Array.from({ length: 10 }, (_, index) => recorded.enter(`user-${index}`));
    const tracks = await Promise.all(
      people.flatMap((feed) => [recorded.announce(feed, 'video'), recorded.announce(feed, 'audio')]),
    );
    const capture = await recorded.record();
    await until('twenty readers run', () => capture.readerPids.length === 20);
    const { readerPids } = capture;
    // Only then is anything sent: a clip that is not sent again must find everybody ready.
    await Promise.all(
      tracks.map(({ publication, sender }) =>
        publication.kind === 'video' ? sender.sendVideo(clip.frames, 30) : sender.sendAudio(clip.packets, 20),
      ),
    );
    await capture.stop('stopped');
    const entries = await recorded.entries();
    expect(of(entries, 'segment-began')).toHaveLength(20);
    expect(of(entries, 'segment-ended').map(({ reason }) => reason)).toEqual(Array(20).fill('stopped'));
    for (const { publication } of tracks.filter((track) => track.publication.kind === 'video')) {
      const [frames] = await recorded.frames(publication.trackId);
      expect(frames!.map(({ number }) => number)).toEqual(clip.frames.map((_, index) => index));
    }
    expect(readerPids.filter(isRunning)).toEqual([]);
    expect(warnings()).toEqual([]);
    for (const { sender } of tracks) sender.close();
    await until('every socket is closed', () => openFiles() <= before);
  },
  TIMEOUT_MS,
);

test(
  'a track of which nothing ever comes has a segment without a file, and ends as quickly as any other',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const { publication } = await recorded.announce(recorded.enter('ann'), 'video');
    const capture = await recorded.record();
    await until('a reader runs', () => capture.readerPids.length === 1);
    const [pid] = capture.readerPids;
    await Bun.sleep(4_500);
    expect(capture.readerPids).toEqual([pid!]);
    const stoppedAt = performance.now();
    await capture.stop('stopped');
    expect(performance.now() - stoppedAt).toBeLessThan(900);
    const [segment, ...others] = await recorded.segments(publication.trackId);
    expect(others).toEqual([]);
    expect(segment!.reason).toBe('stopped');
    expect(await readdir(recorded.folder)).toEqual(['timeline.jsonl']);
    expect(of(await recorded.entries(), 'segment-began')).toEqual([]);
    expect(warnings()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a microphone that is silent for long without having been paused stays in one segment',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const { publication, sender } = await recorded.announce(recorded.enter('ann'), 'audio');
    const capture = await recorded.record();
    await until('a reader runs', () => capture.readerPids.length === 1);
    await sender.sendAudio(clip.packets.slice(0, 50), 20);
    await Bun.sleep(6_000);
    await sender.sendAudio(clip.packets.slice(0, 50), 20);
    await capture.stop('stopped');
    expect((await recorded.segments(publication.trackId)).map(({ reason }) => reason)).toEqual(['stopped']);
    expect(warnings()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a track that is paused again and again, and at last for long, has a reader only while it flows',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const { publication } = await recorded.publish(recorded.enter('ann'), 'video');
    const capture = await recorded.record();
    for (let count = 0; count < 5; count += 1) {
      await publication.pause();
      await publication.resume();
    }
    await untilNoted(recorded, 'segment-began', 1);
    await publication.pause();
    await until('no reader runs', () => capture.readerPids.length === 0);
    await Bun.sleep(1_500);
    expect(capture.readerPids).toEqual([]);
    await capture.stop('stopped');
    const entries = await recorded.entries();
    expect(of(entries, 'track-paused')).toHaveLength(6);
    expect(of(entries, 'track-resumed')).toHaveLength(5);
    expect(of(entries, 'segment-ended')).toHaveLength(of(entries, 'segment-opened').length);
    expect(warnings()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a track that ends while its segment begins, at any moment of that, leaves nothing and no complaint',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const ann = recorded.enter('ann');
    const capture = await recorded.record();
    for (const afterMs of [0, 1, 2, 5, 10, 20, 40, 80, 160]) {
      const { publication } = await recorded.publish(ann, 'video');
      await Bun.sleep(afterMs);
      publication.close();
    }
    const { publication } = await recorded.publish(ann, 'video');
    await untilNoted(recorded, 'segment-began', 1);
    expect(capture.readerPids).toHaveLength(1);
    await capture.stop('stopped');
    const entries = await recorded.entries();
    expect(of(entries, 'track-added')).toHaveLength(10);
    expect(of(entries, 'track-removed')).toHaveLength(9);
    expect(of(entries, 'segment-ended')).toHaveLength(of(entries, 'segment-opened').length);
    expect((await recorded.segments(publication.trackId)).map(({ reason }) => reason)).toEqual(['stopped']);
    expect(warnings()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a recording that is stopped while it begins leaves nothing, and a call that has ended is not recorded',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const { sender } = await recorded.publish(recorded.enter('ann'), 'video');
    await until('its socket is open', () => sender.lastSent > 0);
    const before = openFiles();
    for (const afterMs of [0, 1, 5, 20, 60]) {
      const capture = await recorded.record();
      await Bun.sleep(afterMs);
      await capture.stop('stopped');
      expect(recorded.ports.takenCount).toBe(0);
      expect(recorded.call.participants.has('recorder')).toBe(false);
    }
    recorded.call.end('ended-by-host');
    expect(await failureOf(recorded.record())).toMatchObject({ code: 'call_ended' });
    await until('every file is closed', () => openFiles() <= before);
    expect(warnings()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a sender whose clock jumps costs the moment until that is told, not the place of the rest',
  async () => {
    recorded = await RecordedCall.create({ clip, firstPort: FIRST_PORT });
    const { publication, sender, target } = await recorded.announce(recorded.enter('ann'), 'video', {
      seed: 1,
    });
    const capture = await recorded.record();
    await until('a reader runs', () => capture.readerPids.length === 1);
    await sender.sendVideo(clip.frames, 30);
    // Another beginning of its time and of its numbers, as after a restart of what it sends with.
    const restarted = new RtpSender({ ...target, seed: 2, socket: sender.socket });
    await restarted.sendVideo(clip.frames, 30);
    await capture.stop('stopped');
    const [before, after, ...others] = await recorded.segments(publication.trackId);
    expect([before!.reason, after!.reason, others]).toEqual(['clock-jumped', 'stopped', []]);
    const [, frames] = await recorded.frames(publication.trackId);
    // The clip is 6 s long, and a report comes every second or so.
    expect(frames!.at(-1)!.number).toBeGreaterThanOrEqual(clip.frames.length - 2);
    expect(frames!.length).toBeGreaterThan(90);
    const reports = of(await recorded.entries(), 'sender-report').filter(
      ({ segment }) => segment === before!.name,
    );
    const seconds = (reports.at(-1)!.wallMs - reports[0]!.wallMs) / 1_000;
    const ticks = (reports.at(-1)!.rtpTimestamp - reports[0]!.rtpTimestamp) | 0;
    expect(Math.abs(ticks / 90_000 - seconds)).toBeLessThan(0.5);
  },
  TIMEOUT_MS,
);
