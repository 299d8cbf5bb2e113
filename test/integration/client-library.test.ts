/** The SDK's library in front of a real server: lists, links, files, deletion, and what it does when it is refused. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { RecordingLibrary } from '../../src/client/index.ts';
import { failureOf } from '../support/failure.ts';
import { addRecording } from '../support/recorded.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 30_000;
const FILE = { name: 'manifest.json', kind: 'manifest', type: 'application/json' } as const;

let server: TestServer;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  path = join(server.dataDir, 'a-file.json');
  await Bun.write(path, '{"all":"of it"}');
}, TIMEOUT_MS);

afterAll(() => server.close());

/** What somebody with this user id sees. */
async function libraryOf(userId: string): Promise<RecordingLibrary> {
  return new RecordingLibrary({ url: server.url, token: await server.token(userId) });
}

test('lists what one may see, newest first and by pages, and gives one by its id', async () => {
  const ids: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    ids.unshift(await addRecording(server, { ownerId: 'lister', name, files: [{ ...FILE, path }] }));
  }
  const library = await libraryOf('lister');
  const first = await library.list({ limit: 2 });
  expect(first).toMatchObject({ page: 1, pages: 2, total: 3 });
  const second = await library.list({ limit: 2, page: 2 });
  expect([...first.recordings, ...second.recordings].map(({ id }) => id)).toEqual(ids);
  expect((await library.list({ status: 'failed' })).total).toBe(0);
  expect((await library.list({ roomId: 'another' })).total).toBe(0);
  expect(await library.get(ids[0]!)).toMatchObject({
    name: 'third',
    status: 'completed',
    progress: 1,
    size: 15,
    files: [{ ...FILE, size: 15 }],
  });
  expect((await (await libraryOf('stranger')).list()).total).toBe(0);
});

test('a link opens a file to who has nothing else, to be shown or to be kept', async () => {
  const id = await addRecording(server, { ownerId: 'linker', name: 'shared', files: [{ ...FILE, path }] });
  const library = await libraryOf('linker');
  const { token, expiresAt } = await library.link(id);
  const lifetimeMs = expiresAt.getTime() - Date.now();
  expect(lifetimeMs).toBeGreaterThan(9 * 60_000);
  expect(lifetimeMs).toBeLessThanOrEqual(10 * 60_000);
  const shown = await fetch(library.fileUrl(id, FILE.name, { token }));
  expect(await shown.json()).toEqual({ all: 'of it' });
  expect(shown.headers.get('content-disposition')).toStartWith('inline');
  const kept = await fetch(library.fileUrl(id, FILE.name, { token, isDownload: true }));
  expect(kept.headers.get('content-disposition')).toStartWith('attachment');
});

test('what is deleted is gone, and what is not there or not theirs is told by its code', async () => {
  const id = await addRecording(server, { ownerId: 'deleter', name: 'short', files: [{ ...FILE, path }] });
  const library = await libraryOf('deleter');
  expect(await failureOf(library.retry(id))).toMatchObject({ name: 'LibraryError', code: 'conflict' });
  expect(await failureOf((await libraryOf('stranger')).remove(id))).toMatchObject({
    code: 'recording_not_found',
  });
  await library.remove(id);
  expect(await failureOf(library.get(id))).toMatchObject({ code: 'recording_not_found' });
  const guest = await server.token('guest', [], { grants: { room: { subscribe: true } } });
  const asGuest = new RecordingLibrary({ url: server.url, token: guest });
  expect(await failureOf(asGuest.list())).toMatchObject({ code: 'forbidden' });
  const nowhere = new RecordingLibrary({ url: 'http://127.0.0.1:1', token: guest });
  expect(await failureOf(nowhere.list())).toMatchObject({ code: 'unreachable' });
});

test('one that failed is made again when asked', async () => {
  const id = await addRecording(server, { ownerId: 'retrier', name: 'broken', failureReason: 'It broke.' });
  const library = await libraryOf('retrier');
  expect(await library.get(id)).toMatchObject({ status: 'failed', failureReason: 'It broke.' });
  expect(await library.retry(id)).toMatchObject({ id, startedAt: expect.any(Date) });
  await library.remove(id);
});

test('a token that is refused is replaced once for all requests, and one that stays bad is told', async () => {
  await addRecording(server, { ownerId: 'renewer', name: 'mine', files: [{ ...FILE, path }] });
  const good = await server.token('renewer');
  const given: string[] = [];
  const library = new RecordingLibrary({
    url: server.url,
    token: () => {
      given.push(given.length === 0 ? 'a-token-that-is-none' : good);
      return given.at(-1)!;
    },
  });
  const totals = (await Promise.all([library.list(), library.list(), library.list()])).map(
    ({ total }) => total,
  );
  expect(totals).toEqual([1, 1, 1]);
  expect(given).toHaveLength(2);
  const hopeless = new RecordingLibrary({ url: server.url, token: () => 'a-token-that-is-none' });
  expect(await failureOf(hopeless.list())).toMatchObject({ code: 'unauthenticated' });
});
