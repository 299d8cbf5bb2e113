/** A recording over HTTP: how long its bytes are is always said, a range is given only where it holds, and events end with it. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addRecording } from '../support/recorded.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** More than one read. */
const SIZE = 3_000_000;
const bytes = Uint8Array.from({ length: SIZE }, (_, index) => index % 251);

let server: TestServer;
let url: string;
let authorization: string;

beforeAll(async () => {
  server = await startTestServer();
  const path = join(server.dataDir, 'film');
  await Bun.write(path, bytes);
  const film = { name: 'recording.mp4', kind: 'composed', type: 'video/mp4', path } as const;
  const id = await addRecording(server, { ownerId: 'ann', name: 'Film', files: [film] });
  url = `${server.url}/recordings/${id}/files/recording.mp4`;
  authorization = `Bearer ${await server.token('ann')}`;
}, 60_000);

afterAll(() => server.close());

async function get(headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { authorization, ...headers } });
  const { status } = response;
  const header = (name: string) => response.headers.get(name);
  return { status, header, body: new Uint8Array(await response.arrayBuffer()) };
}

test('a download says how long it is, and so does a range', async () => {
  const whole = await get();
  expect([whole.status, whole.header('content-length')]).toEqual([200, String(SIZE)]);
  expect(Bun.hash(whole.body)).toBe(Bun.hash(bytes));
  const part = await get({ range: 'bytes=1000-1999999' });
  expect([part.status, part.header('content-length')]).toEqual([206, '1999000']);
  expect(part.header('content-range')).toBe(`bytes 1000-1999999/${SIZE}`);
  expect(Bun.hash(part.body)).toBe(Bun.hash(bytes.subarray(1_000, 2_000_000)));
  const last = await get({ range: 'bytes=-5' });
  expect([last.status, [...last.body]]).toEqual([206, [...bytes.subarray(-5)]]);
});

test('a range of what has changed meanwhile, or one that is none, is the whole file', async () => {
  for (const headers of [
    { range: 'bytes=5-9', 'if-range': '"another"' },
    { range: 'bytes=5-1' },
    { range: 'bytes=0-1,5-6' },
    { range: 'lines=0-1' },
  ]) {
    const { status, header, body } = await get(headers as Record<string, string>);
    expect([status, header('content-range'), body.length]).toEqual([200, null, SIZE]);
  }
  const same = (await get()).header('etag') ?? '';
  expect((await get({ range: 'bytes=5-9', 'if-range': same })).body.length).toBe(5);
});

test('many ranges at once are each answered', async () => {
  const parts = await Promise.all(
    Array.from({ length: 50 }, (_, index) => get({ range: `bytes=${index * 50_000}-${index * 50_000 + 9}` })),
  );
  for (const [index, { body }] of parts.entries()) {
    expect([...body]).toEqual([...bytes.subarray(index * 50_000, index * 50_000 + 10)]);
  }
});

test('a file that another provider has is told as that, and not as gone', async () => {
  const path = join(server.dataDir, 'film');
  const film = { name: 'recording.mp4', kind: 'composed', type: 'video/mp4', path } as const;
  for (const [storage, message] of [
    ['s3', /provider s3.* local/],
    ['local', /no such file any more/],
  ] as const) {
    const id = await addRecording(server, { ownerId: 'ann', name: 'Film', files: [film], storage });
    await rm(join(server.dataDir, 'recordings/calls', id), { recursive: true });
    const response = await fetch(`${server.url}/recordings/${id}/files/recording.mp4`, {
      headers: { authorization },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: 'not_found',
      message: expect.stringMatching(message),
    });
  }
});

test.each([
  [
    'by somebody',
    (id: string, headers: HeadersInit) =>
      fetch(`${server.url}/recordings/${id}`, { method: 'DELETE', headers }),
  ],
  ['by the server, for its time is over', (id: string) => server.app.calls.library.discard(id)],
] as const)(
  'who watches a recording that is deleted %s is told by the end of the events',
  async (_, remove) => {
    const id = await addRecording(server, { ownerId: 'ann', name: 'Gone' });
    const headers = { authorization: `Bearer ${await server.token('ann', ['admin'])}` };
    const watch = () => fetch(`${server.url}/recordings/${id}/events`, { headers });
    const reader = (await watch()).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain(id);
    await remove(id, headers);
    expect((await reader.read()).done).toBe(true);
    expect((await watch()).status).toBe(404);
  },
);
