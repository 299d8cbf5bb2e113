/** The services around live streams: one that tells which streams are live, one that takes recordings, and addresses of the web. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type Hls, makeHls, playlistOf } from '../support/live/hls.ts';
import { type LiveStream, LiveWorld, lookAt } from '../support/live/live-world.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 180_000;
const FRAMERATE = 15;
const VOD_TOKEN = 'a-token-of-the-library-of-videos';

/** By stream id; a number is the status of an error. */
const told = new Map<string, object | number>();
const imports: { headers: Headers; body: Record<string, unknown> }[] = [];
let isBroken = false;
let asked = 0;
let services: Bun.Server<undefined>;
let world: LiveWorld;
let hls: Hls;

beforeAll(async () => {
  hls = await makeHls();
  services = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  world = await LiveWorld.open({
    STREAM_SERVICE_URL: `${services.url}stream`,
    VOD_SERVICE_URL: `${services.url}vod/`,
    VOD_SERVICE_TOKEN: VOD_TOKEN,
    ALLOW_PRIVATE_URLS: 'on',
  });
}, TIMEOUT_MS);

afterAll(async () => {
  await world?.close();
  await services?.stop(true);
}, TIMEOUT_MS);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/hls/')) return serveHls(pathname.slice('/hls/'.length));
  if (pathname === '/vod/import-recording') {
    imports.push({ headers: request.headers, body: (await request.json()) as Record<string, unknown> });
    return imports.length === 1
      ? new Response('busy', { status: 500 })
      : Response.json({ video_id: 'video-7' }, { status: 201 });
  }
  asked += 1;
  if (isBroken) return new Response('broken', { status: 500 });
  if (pathname === '/stream/streams') {
    return Response.json({
      streams: [...told.values()].filter(
        (one) => typeof one === 'object' && 'status' in one && one.status === 'live',
      ),
    });
  }
  const one = told.get(pathname.slice('/stream/streams/'.length)) ?? 404;
  return typeof one === 'number' ? new Response(null, { status: one }) : Response.json(one);
}

function serveHls(name: string): Response {
  if (name === 'moved.m3u8')
    return new Response(null, { status: 302, headers: { location: 'here/index.m3u8?token=x' } });
  if (name === 'here/index.m3u8') return new Response(hls.playlist);
  const bytes = hls.files.get(name.replace('here/', ''));
  return bytes ? new Response(new Uint8Array(bytes)) : new Response(null, { status: 404 });
}

function announce(stream: LiveStream, status: string): void {
  told.set(stream.id, {
    id: stream.id,
    stream_key: stream.key,
    user_id: 'ann',
    status,
    started_at: new Date().toISOString(),
  });
}

/** Resolves when the service was asked so many more times. */
async function whenAsked(times: number): Promise<void> {
  const before = asked;
  await until('the stream service is asked', () => asked >= before + times, 60_000);
}

function putAll(stream: LiveStream, isEnded = true): void {
  for (const [name, bytes] of hls.files) stream.put(name, bytes);
  stream.putPlaylist(playlistOf({ entries: hls.segments, isEnded }));
}

test(
  'a stream of which no event came is found by asking, and its end too; an error of the service ends nothing',
  async () => {
    const stream = world.newStream();
    putAll(stream, false);
    announce(stream, 'live');
    told.set('nonsense', { id: 'x', stream_key: '../x', status: 'live' });
    await world.whenIt(stream, ({ duration }) => duration === 6);
    isBroken = true;
    await whenAsked(8);
    expect(await world.recordingsOf(stream)).toMatchObject([{ status: 'recording' }]);
    isBroken = false;
    announce(stream, 'ended');
    const done = await world.whenDone(stream);
    expect(done.status).toBe('completed');
    expect((await lookAt(world.bytesOf(done))).frames).toBe(6 * FRAMERATE);
    // One that has ended never starts again, whatever is said of it.
    announce(stream, 'live');
    await whenAsked(3);
    expect(await world.recordingsOf(stream)).toHaveLength(1);
    told.clear();
  },
  TIMEOUT_MS,
);

test(
  'a stream that the service does not know three times in a row has ended',
  async () => {
    const stream = world.newStream();
    putAll(stream, false);
    await world.tell('stream.started', stream);
    expect((await world.whenDone(stream)).status).toBe('completed');
  },
  TIMEOUT_MS,
);

test(
  'a stream at an address of the web is recorded from there, redirects and all, and its recording imported once',
  async () => {
    const stream = world.newStream();
    announce(stream, 'live');
    await world.tell('stream.started', stream, { playlist_url: `${services.url}hls/moved.m3u8` });
    const ask = async (token: string) => {
      const [recording] = await world.recordingsOf(stream);
      const response = await fetch(`${world.server.url}/recordings/${recording!.id}/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          title: 'My stream',
          description: 'Great',
          category: 'gaming',
          visibility: 'public',
        }),
      });
      return { status: response.status, body: await response.json() };
    };
    const ann = await world.server.token('ann');
    expect(await ask(ann)).toMatchObject({ status: 409, body: { error: 'conflict' } });
    await world.tell('stream.ended', stream);
    const done = await world.whenDone(stream);
    expect(done.status).toBe('completed');
    expect((await lookAt(world.bytesOf(done))).frames).toBe(6 * FRAMERATE);

    expect((await ask(await world.server.token('bob'))).status).toBe(404);
    expect(await ask(ann)).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    const both = await Promise.all([ask(ann), ask(await world.server.token('root', ['admin']))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 200)!.body).toMatchObject({
      id: done.id,
      video_id: 'video-7',
    });
    expect(await ask(ann)).toMatchObject({ status: 409, body: { details: { video_id: 'video-7' } } });
    expect(imports).toHaveLength(2);
    expect(imports[1]!.body).toEqual({
      recording_id: done.id,
      title: 'My stream',
      description: 'Great',
      category: 'gaming',
      visibility: 'public',
    });
    expect(imports[1]!.headers.get('authorization')).toBe(`Bearer ${VOD_TOKEN}`);

    // Who has no token sees it too, until it is deleted with all that there is of it.
    const seen = await fetch(`${world.server.url}/recording/${done.id}`);
    expect(await seen.json()).toMatchObject({ recording: { video_id: 'video-7', stream_id: stream.id } });
    const file = `${world.server.url}/recordings/${done.id}`;
    expect((await fetch(`${file}/files/${stream.key}.mp4`)).status).toBe(401);
    const removed = await fetch(file, { method: 'DELETE', headers: { authorization: `Bearer ${ann}` } });
    expect(removed.status).toBe(204);
    expect((await fetch(file)).status).toBe(404);
    expect([...world.stored.objects.keys()].filter((key) => key.startsWith(stream.key))).toEqual([]);
  },
  TIMEOUT_MS,
);
