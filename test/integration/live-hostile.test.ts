/** Who means ill with live streams: events that are none, keys and playlists that lead elsewhere, segments that are something else. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Hls, makeHls, playlistOf } from '../support/live/hls.ts';
import { LiveWorld, lookAt } from '../support/live/live-world.ts';

const TIMEOUT_MS = 180_000;
const SECRET = 'a-secret-of-the-stream-service';
const FRAMERATE = 15;
const MAX_STREAMS = 12;

let world: LiveWorld;
let hls: Hls;

beforeAll(async () => {
  const env = {
    WEBHOOK_SECRET: SECRET,
    LIVE_MAX_SEGMENT_SIZE: '1MiB',
    MAX_RETRY_ATTEMPTS: '1',
    LIVE_MAX_STREAMS: String(MAX_STREAMS),
  };
  [world, hls] = await Promise.all([LiveWorld.open(env), makeHls({ seconds: 3 })]);
}, TIMEOUT_MS);

afterAll(() => world?.close(), TIMEOUT_MS);

const EVENT = {
  event: 'stream.started',
  stream_id: 'stream',
  stream_key: 'key',
  user_id: 'ann',
  timestamp: new Date().toISOString(),
};

describe('an event', () => {
  test('that is not of the form of one is answered 400, in the words of the form', async () => {
    const wrong: [object, string][] = [
      [{ event: 'stream.paused' }, 'Invalid event type'],
      [{ event: undefined }, 'Invalid event type'],
      [{ stream_key: '../../etc/passwd' }, 'Invalid stream_key'],
      [{ stream_key: 'a'.repeat(10_000) }, 'Invalid stream_key'],
      [{ stream_key: '' }, 'Invalid stream_key'],
      [{ stream_key: 'key\u0000' }, 'Invalid stream_key'],
      [{ stream_id: '' }, 'Invalid stream_id'],
      [{ stream_id: 7 }, 'Invalid stream_id'],
      [{ timestamp: 'now' }, 'Invalid timestamp'],
      [{ timestamp: '0000-01-01T00:00:00Z' }, 'Invalid timestamp'],
      [{ timestamp: '9999-12-31T23:59:59-23:59' }, 'Invalid timestamp'],
      [{ user_id: '<script>' }, 'Invalid user_id'],
      [{ playlist_url: 'file:///etc/passwd' }, 'Invalid playlist_url'],
    ];
    for (const [parts, error] of wrong) {
      const { status, body } = await world.post(JSON.stringify({ ...EVENT, ...parts }));
      expect([status, body]).toEqual([400, { error, code: 'validation_error' }]);
    }
    for (const text of ['', '[]', 'null', '"stream.started"', '{', '{}']) {
      expect((await world.post(text)).status).toBe(400);
    }
    expect((await world.post('x'.repeat(2 * 1024 * 1024))).status).toBe(413);
  });

  test('that is signed wrongly, long ago, or not at all is answered 401', async () => {
    const body = JSON.stringify(EVENT);
    const old = String(Date.now() - 6 * 60_000);
    const refused: Record<string, string>[] = [
      {},
      { 'x-signature': world.sign(body)['x-signature']! },
      world.sign(body, old),
      { ...world.sign(body), 'x-timestamp': old },
      world.sign(`${body} `),
      { ...world.sign(body), 'x-signature': 'f'.repeat(64) },
    ];
    for (const headers of refused) {
      const answer = await world.post(body, headers);
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    }
    const stream = world.newStream('key');
    expect(await world.recordingsOf({ ...stream, id: 'stream' } as typeof stream)).toEqual([]);
    expect(world.log.join('')).not.toContain(SECRET);
  });

  test('with a playlist in a private network is answered 400', async () => {
    for (const host of ['127.0.0.1', 'localhost', '10.0.0.1', '[::1]', '169.254.169.254', '0x7f.1']) {
      const stream = world.newStream();
      const answer = await world.tell('stream.started', stream, {
        playlist_url: `http://${host}/index.m3u8`,
      });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_error']);
      expect(answer.body.error).toContain('ALLOW_PRIVATE_URLS');
    }
  });
});

test(
  'more streams at once than may be recorded are answered 503, however fast they are told',
  async () => {
    const streams = Array.from({ length: MAX_STREAMS + 10 }, () => world.newStream());
    const answers = await Promise.all(streams.map((stream) => world.tell('stream.started', stream)));
    const taken = streams.filter((_, index) => answers[index]?.status === 200);
    expect(taken).toHaveLength(MAX_STREAMS);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.body).toMatchObject({ code: 'unavailable' });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const stream of taken) await world.tell('stream.ended', stream);
    for (const stream of taken) await world.whenDone(stream);
  },
  TIMEOUT_MS,
);

describe.concurrent('a stream', () => {
  test(
    'of which is told late neither ends the one that took its key since, nor records it again',
    async () => {
      const newer = world.newStream();
      for (const [name, bytes] of hls.files) newer.put(name, bytes);
      newer.putPlaylist(hls.playlist.replace('#EXT-X-ENDLIST', ''));
      await world.tell('stream.started', newer);
      await world.whenIt(newer, ({ duration }) => duration >= 3);
      const timestamp = new Date(Date.now() - 60_000).toISOString();
      for (const event of ['stream.started', 'stream.ended'] as const) {
        const late = world.newStream(newer.key);
        expect((await world.tell(event, late, { timestamp })).status).toBe(200);
        expect(await world.recordingsOf(late)).toEqual([]);
      }
      expect(await world.recordingsOf(newer)).toMatchObject([{ status: 'recording' }]);
      await world.tell('stream.ended', newer);
      expect(await world.whenDone(newer)).toMatchObject({ status: 'completed', duration: 3 });
    },
    TIMEOUT_MS,
  );

  test(
    'whose segments last for thousands of years, as its playlist says, is finished all the same',
    async () => {
      const stream = world.newStream();
      for (const [name, bytes] of hls.files) stream.put(name, bytes);
      stream.putPlaylist(playlistOf({ entries: hls.segments, seconds: 99_999_999_999, isEnded: true }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      expect(await world.whenDone(stream)).toMatchObject({ status: 'completed', duration: 3 });
    },
    TIMEOUT_MS,
  );

  test(
    'whose segment becomes garbage after it was taken keeps what was taken',
    async () => {
      const stream = world.newStream();
      for (const [name, bytes] of hls.files) stream.put(name, bytes);
      stream.putPlaylist(hls.playlist.replace('#EXT-X-ENDLIST', ''));
      await world.tell('stream.started', stream);
      const { id } = await world.whenIt(stream, ({ duration }) => duration >= 3);
      stream.put(hls.segments[1]!, 'This is not a segment any more.');
      await world.tell('stream.ended', stream);
      const done = await world.whenDone(stream);
      expect((await lookAt(world.bytesOf(done))).frames).toBe(3 * FRAMERATE);
      expect(world.log.some((line) => line.includes('stays as it was taken') && line.includes(id))).toBe(
        true,
      );
    },
    TIMEOUT_MS,
  );

  test(
    'whose playlist leads elsewhere gets nothing from there into its file',
    async () => {
      const secret = await makeHls({ seconds: 3, size: '160x90' });
      const other = world.newStream();
      const stream = world.newStream();
      for (const [name, bytes] of secret.files) other.put(name, bytes);
      for (const [name, bytes] of hls.files) stream.put(name, bytes);
      stream.put('list.ts', `#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXTINF:1,\n../${other.key}/segment_000.ts\n`);
      stream.put('large.ts', Buffer.alloc(2 * 1024 * 1024, 0x47));
      const outside = [
        `../${other.key}/segment_000.ts`,
        `/${other.key}/segment_000.ts`,
        `%2e%2e/${other.key}/segment_000.ts`,
        `bucket:${other.key}/segment_000.ts`,
        'file:///etc/passwd',
        `${world.s3.config.endpoint}/live-segments/${other.key}/segment_000.ts`,
        'concat:segment_000.ts|segment_001.ts',
        'list.ts',
        'large.ts',
      ];
      const entries = [hls.segments[0]!, ...outside, hls.segments[1]!, hls.segments[2]!];
      stream.putPlaylist(playlistOf({ entries, isEnded: true }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const done = await world.whenDone(stream);
      expect(done.status).toBe('completed');
      const seen = await lookAt(world.bytesOf(done));
      expect(seen.frames).toBe(3 * FRAMERATE);
      expect(seen.streams[0]).toMatchObject({ width: 320 });
      const missing = world.log.filter(
        (line) => line.includes('a segment is missing') && line.includes(done.id),
      );
      expect(missing).toHaveLength(outside.length);
      for (const reason of [
        'it is a playlist',
        'longer than 1048576 bytes',
        'private network',
        'leads out of the folder',
      ]) {
        expect(missing.some((line) => line.includes(reason))).toBe(true);
      }
      expect(world.s3.reads.get(`live-segments/${other.key}/segment_000.ts`)).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  test(
    'whose playlist has 100,000 lines has failed, with that reason',
    async () => {
      const stream = world.newStream();
      const entries = Array.from({ length: 50_000 }, (_, index) => `segment_${index}.ts`);
      stream.putPlaylist(playlistOf({ entries, isEnded: true }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { status, failure_reason } = await world.whenDone(stream);
      expect(status).toBe('failed');
      expect(failure_reason).toContain('more than 80000 lines (LIVE_MAX_PLAYLIST_LINES)');
    },
    TIMEOUT_MS,
  );

  test(
    'of nothing but a playlist that calls itself a segment has failed, with that reason',
    async () => {
      const stream = world.newStream();
      stream.put('segment_000.ts', '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n');
      stream.putPlaylist(playlistOf({ entries: ['segment_000.ts'], isEnded: true }));
      await world.tell('stream.started', stream);
      await world.tell('stream.ended', stream);
      const { status, failure_reason } = await world.whenDone(stream);
      expect(status).toBe('failed');
      expect(failure_reason).toContain('it is a playlist');
    },
    TIMEOUT_MS,
  );
});
