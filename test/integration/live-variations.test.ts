/** Live streams as they come: late, broken, cut, encrypted, told twice or not at all; each is one file that plays, or says why not. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { RecordingResource } from '../../src/library/index.ts';
import { type Hls, makeHls, playlistOf } from '../support/live/hls.ts';
import { type LiveStream, LiveWorld, type LookedAt, lookAt } from '../support/live/live-world.ts';

const TIMEOUT_MS = 180_000;
const FRAMERATE = 15;
const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

let world: LiveWorld;
let hls: Hls;

beforeAll(async () => {
  [world, hls] = await Promise.all([LiveWorld.open(), makeHls()]);
}, TIMEOUT_MS);

afterAll(() => world?.close(), TIMEOUT_MS);

function putAll(stream: LiveStream, { files }: Hls, names: readonly string[] = [...files.keys()]): void {
  for (const name of names) stream.put(name, files.get(name)!);
}

/** All of it at once, begun and ended by events. */
async function recordWhole(
  stream: LiveStream,
  made: Hls,
): Promise<{ done: RecordingResource; seen: LookedAt }> {
  putAll(stream, made);
  stream.putPlaylist(made.playlist);
  await world.tell('stream.started', stream);
  await world.tell('stream.ended', stream);
  return whenSeen(stream);
}

async function whenSeen(stream: LiveStream): Promise<{ done: RecordingResource; seen: LookedAt }> {
  const done = await world.whenDone(stream);
  expect(done).toMatchObject({ status: 'completed', failure_reason: null });
  const seen = await lookAt(world.bytesOf(done));
  expect(seen.boxes.slice(0, 2)).toEqual(['ftyp', 'moov']);
  expect(Math.abs(done.duration - seen.durationSeconds)).toBeLessThanOrEqual(0.6);
  return { done, seen };
}

/** Resolves when so many of its segments were taken. */
const whenTaken = (stream: LiveStream, seconds: number) =>
  world.whenIt(stream, ({ duration }) => duration >= seconds);

describe.concurrent('what is told', () => {
  test(
    'both events twice, and the beginning again after the end, make one recording',
    async () => {
      const stream = world.newStream();
      putAll(stream, hls);
      stream.putPlaylist(hls.playlist);
      await Promise.all([world.tell('stream.started', stream), world.tell('stream.started', stream)]);
      await Promise.all([world.tell('stream.ended', stream), world.tell('stream.ended', stream)]);
      const { done, seen } = await whenSeen(stream);
      expect(seen.frames).toBe(6 * FRAMERATE);
      const again = await world.tell('stream.started', stream);
      expect(again).toMatchObject({ status: 200, body: { message: 'Webhook processed successfully' } });
      await world.tell('stream.ended', stream);
      expect(await world.recordingsOf(stream)).toEqual([done]);
    },
    TIMEOUT_MS,
  );

  test(
    'the end before the beginning',
    async () => {
      const stream = world.newStream();
      putAll(stream, hls);
      stream.putPlaylist(hls.playlist);
      await world.tell('stream.ended', stream);
      await world.tell('stream.started', stream, { timestamp: new Date(Date.now() - 6_000).toISOString() });
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(6 * FRAMERATE);
      expect(await world.recordingsOf(stream)).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'of a stream without a segment: failed, with the reason',
    async () => {
      const stream = world.newStream();
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const done = await world.whenDone(stream);
      expect(done).toMatchObject({ status: 'failed', file_path: '', duration: 0 });
      expect(done.failure_reason).toContain('not one of its segments could be recorded');
      expect(done.failure_reason).toContain('There is no playlist.');
      expect(done.completed_at).not.toBeNull();
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('segments', () => {
  test(
    'that never come are a hole',
    async () => {
      const stream = world.newStream();
      putAll(
        stream,
        hls,
        hls.segments.filter((name) => name !== 'segment_002.ts'),
      );
      stream.putPlaylist(hls.playlist);
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(5 * FRAMERATE);
      // The hole is a hole: what comes after it is not earlier for it.
      expect(Math.abs(seen.durationSeconds - 6)).toBeLessThan(1);
    },
    TIMEOUT_MS,
  );

  test(
    'that come late, and that are cut off at first, are whole in the end',
    async () => {
      const stream = world.newStream();
      const [late, cut] = ['segment_001.ts', 'segment_003.ts'];
      putAll(
        stream,
        hls,
        hls.segments.filter((name) => name !== late),
      );
      stream.put(cut, hls.files.get(cut)!.subarray(0, 188 * 20));
      stream.putPlaylist(hls.playlist.replace('#EXT-X-ENDLIST\n', ''));
      await world.tell('stream.started', stream);
      await whenTaken(stream, 5);
      stream.put(cut, hls.files.get(cut)!);
      stream.put(late, hls.files.get(late)!);
      stream.putPlaylist(hls.playlist);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
    },
    TIMEOUT_MS,
  );

  test(
    'that stay cut off cost themselves alone',
    async () => {
      const stream = world.newStream();
      putAll(stream, hls);
      stream.put('segment_003.ts', hls.files.get('segment_003.ts')!.subarray(0, 188 * 20 + 77));
      stream.putPlaylist(hls.playlist);
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBeGreaterThanOrEqual(5 * FRAMERATE);
      expect(Math.abs(seen.durationSeconds - 6)).toBeLessThan(1);
    },
    TIMEOUT_MS,
  );

  test(
    'that are written after the end was told belong',
    async () => {
      const stream = world.newStream();
      const { segments } = hls;
      putAll(stream, hls, segments.slice(0, 4));
      stream.putPlaylist(playlistOf({ entries: segments.slice(0, 4) }));
      await world.tell('stream.started', stream);
      await whenTaken(stream, 4);
      await world.tell('stream.ended', stream);
      await Bun.sleep(500);
      putAll(stream, hls, segments.slice(4));
      stream.putPlaylist(playlistOf({ entries: segments, isEnded: true }));
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(6 * FRAMERATE);
    },
    TIMEOUT_MS,
  );

  test(
    'of a sliding window of three, which go from the bucket too',
    async () => {
      const stream = world.newStream();
      const { segments } = hls;
      await world.tell('stream.started', stream);
      for (const [index, name] of segments.entries()) {
        stream.put(name, hls.files.get(name)!);
        const from = Math.max(0, index - 2);
        stream.putPlaylist(playlistOf({ sequence: from, entries: segments.slice(from, index + 1) }));
        if (from > 0) stream.remove(segments[from - 1]!);
        await whenTaken(stream, Math.max(1, index - 1));
      }
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(6 * FRAMERATE);
    },
    TIMEOUT_MS,
  );

  test(
    'that the window had dropped before it was looked at are found in the bucket',
    async () => {
      const stream = world.newStream();
      const { segments } = hls;
      putAll(stream, hls, segments);
      stream.putPlaylist(playlistOf({ sequence: 3, entries: segments.slice(3) }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
    },
    TIMEOUT_MS,
  );

  test(
    'of an earlier stream under the same key are not taken, and its recording keeps its place',
    async () => {
      const other = await makeHls({ seconds: 3, size: '160x90' });
      const first = world.newStream();
      const hourAgo = new Date(Date.now() - 3_600_000);
      // Of one that nobody recorded.
      for (const name of ['segment_007.ts', 'segment_008.ts'])
        first.put(name, other.files.get('segment_000.ts')!, hourAgo);
      first.putPlaylist(
        playlistOf({ sequence: 7, entries: ['segment_007.ts', 'segment_008.ts'], isEnded: true }),
        hourAgo,
      );
      const { done, seen } = await recordWhole(first, hls);
      expect(seen.frames).toBe(6 * FRAMERATE);
      expect(done.file_path).toBe(`recordings/${first.key}.mp4`);
      const before = world.bytesOf(done);

      // The playlist of the first one is still there when the second one begins, and ends as it does.
      const second = world.newStream(first.key);
      await world.tell('stream.started', second);
      await Bun.sleep(600);
      putAll(second, other);
      second.putPlaylist(other.playlist);
      await world.tell('stream.ended', second);
      const again = await whenSeen(second);
      expect(again.done.file_path).toBe(`recordings/${first.key}-2.mp4`);
      expect(again.seen.frames).toBe(3 * FRAMERATE);
      expect(again.seen.streams[0]).toMatchObject({ width: 160, height: 90 });
      expect(world.bytesOf(done).equals(before)).toBe(true);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('playlists', () => {
  test(
    'with a discontinuity, and another resolution and sound from then on',
    async () => {
      const other = await makeHls({ seconds: 3, size: '160x120', hasAudio: false });
      const stream = world.newStream();
      putAll(stream, hls);
      for (const name of other.segments) stream.put(`other-${name}`, other.files.get(name)!);
      const entries = [
        ...hls.segments,
        '#EXT-X-DISCONTINUITY',
        ...other.segments.map((name) => `other-${name}`),
      ];
      stream.putPlaylist(playlistOf({ entries, isEnded: true }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.complaints).toBe('');
      expect(Math.abs(seen.durationSeconds - 9)).toBeLessThan(1);
      expect(seen.frames).toBe(9 * FRAMERATE);
      expect(seen.streams.map(({ codec_type }) => codec_type).toSorted()).toEqual(['audio', 'video']);
      expect(seen.streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
        width: 320,
        height: 180,
      });
    },
    TIMEOUT_MS,
  );

  test(
    'of fragmented MP4',
    async () => {
      const made = await makeHls({ kind: 'fmp4' });
      const { seen } = await recordWhole(world.newStream(), made);
      expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
    },
    TIMEOUT_MS,
  );

  test(
    'of encrypted segments, with vectors of their own and with their numbers',
    async () => {
      const made = await makeHls({ key: KEY });
      const { seen } = await recordWhole(world.newStream(), made);
      expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
      expect(made.playlist).toContain('METHOD=AES-128');
      const wrong = world.newStream();
      putAll(wrong, made);
      wrong.put('stream.key', Buffer.alloc(16));
      wrong.putPlaylist(made.playlist);
      await world.tell('stream.started', wrong);
      await world.tell('stream.ended', wrong);
      const failed = await world.whenDone(wrong);
      expect(failed.status).toBe('failed');
      expect(failed.failure_reason).toMatch(/decrypted with the key|neither MPEG-TS nor/);
    },
    TIMEOUT_MS,
  );

  test(
    'of ranges of bytes of one file',
    async () => {
      const made = await makeHls({ isSingleFile: true });
      expect(made.playlist).toContain('#EXT-X-BYTERANGE');
      const { seen } = await recordWhole(world.newStream(), made);
      expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
    },
    TIMEOUT_MS,
  );

  test(
    'that lead to others: the best one is taken, and nothing of the rest',
    async () => {
      const low = await makeHls({ size: '160x90' });
      const stream = world.newStream();
      for (const [folder, made] of Object.entries({ low, high: hls })) {
        for (const [name, bytes] of made.files) stream.put(`${folder}/${name}`, bytes);
        stream.put(`${folder}/index.m3u8`, made.playlist);
      }
      stream.put(
        'master.m3u8',
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nhigh/index.m3u8\n',
      );
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(6 * FRAMERATE);
      expect(seen.streams[0]).toMatchObject({ width: 320 });
    },
    TIMEOUT_MS,
  );

  test(
    'that count from the beginning again, for the packager was started anew',
    async () => {
      const stream = world.newStream();
      const { segments } = hls;
      putAll(stream, hls);
      stream.putPlaylist(playlistOf({ sequence: 10, entries: segments }));
      await world.tell('stream.started', stream);
      await whenTaken(stream, 6);
      for (const name of segments) stream.put(`again-${name}`, hls.files.get(name)!);
      stream.putPlaylist(playlistOf({ entries: segments.map((name) => `again-${name}`), isEnded: true }));
      await world.tell('stream.ended', stream);
      const { seen } = await whenSeen(stream);
      expect(seen.frames).toBe(12 * FRAMERATE);
      expect(Math.abs(seen.durationSeconds - 12)).toBeLessThan(1);
    },
    TIMEOUT_MS,
  );

  test(
    'that are garbage, or are not there: the segments are taken as they lie in the bucket',
    async () => {
      const [garbage, none] = [world.newStream(), world.newStream()];
      garbage.putPlaylist('<html>502 Bad Gateway</html>');
      for (const stream of [garbage, none]) {
        putAll(stream, hls);
        await world.tell('stream.started', stream);
        await world.tell('stream.ended', stream);
      }
      for (const stream of [garbage, none]) {
        const { seen } = await whenSeen(stream);
        expect(seen).toMatchObject({ frames: 6 * FRAMERATE, complaints: '' });
      }
    },
    TIMEOUT_MS,
  );

  test(
    'that are garbage, without any segment: failed, with that reason',
    async () => {
      const stream = world.newStream();
      stream.putPlaylist('<html>502 Bad Gateway</html>');
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { status, failure_reason } = await world.whenDone(stream);
      expect(status).toBe('failed');
      expect(failure_reason).toContain('The playlist cannot be read: it is none.');
    },
    TIMEOUT_MS,
  );
});
