/** What every storage provider does, whatever is behind it; run against each of them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageProvider } from '../../../src/storage/index.ts';
import { failureOf } from '../failure.ts';

export interface StorageSource {
  /** Empty; closed by the suite. */
  open(): Promise<StorageProvider>;
  close(): Promise<void>;
}

const TYPE = 'application/octet-stream';
const LARGE_MIB = 200;
const MAX_GROWTH_MIB = 64;
const MIB = 1024 ** 2;
const TIMEOUT_MS = 60_000;

export const HOSTILE_KEYS = [
  '../outside',
  'a/../../outside',
  '/etc/passwd',
  'a//b',
  'a/',
  '',
  '.',
  'a/./b',
  'a\0b',
  'a\nb',
  '%2e%2e%2foutside',
  'a\\..\\b',
  'x'.repeat(2_000),
  'smile-😀',
  'a b',
  '~root',
];

export function describeStorage(name: string, createSource: () => Promise<StorageSource>): void {
  describe(`storage: ${name}`, () => {
    let source: StorageSource;
    let storage: StorageProvider;
    let folder: string;
    beforeAll(async () => {
      source = await createSource();
      storage = await source.open();
      folder = await mkdtemp(join(tmpdir(), 'kaa-storage-'));
    }, TIMEOUT_MS);
    afterAll(async () => {
      await storage.close();
      await source.close();
      await rm(folder, { recursive: true });
    });

    const file = async (content: string): Promise<string> => {
      const path = join(folder, crypto.randomUUID());
      await writeFile(path, content);
      return path;
    };
    const text = async (key: string, range?: { start: number; end: number }) =>
      new Response(await storage.get(key, range)).text();

    test('what is put is there, whole and in parts; put again it is the new one', async () => {
      const put = await storage.put('calls/a/one.txt', await file('first'), { type: 'text/plain' });
      expect(put).toMatchObject({ key: 'calls/a/one.txt', size: 5 });
      await storage.put('calls/a/one.txt', await file('0123456789'), { type: 'text/plain' });
      expect(await storage.head('calls/a/one.txt')).toMatchObject({ size: 10 });
      expect(await text('calls/a/one.txt')).toBe('0123456789');
      expect(await text('calls/a/one.txt', { start: 2, end: 4 })).toBe('234');
      expect(await text('calls/a/one.txt', { start: 9, end: 9 })).toBe('9');
      await storage.put('calls/a/empty', await file(''), { type: TYPE });
      expect(await storage.head('calls/a/empty')).toMatchObject({ size: 0 });
    });

    test('what is not there is told so, and its deletion is no error', async () => {
      expect(await storage.head('calls/none')).toBeUndefined();
      expect(await failureOf(storage.get('calls/none'))).toMatchObject({ code: 'not_found' });
      await storage.delete('calls/none');
      await storage.put('calls/gone', await file('x'), { type: TYPE });
      await storage.delete('calls/gone');
      await storage.delete('calls/gone');
      expect(await storage.head('calls/gone')).toBeUndefined();
    });

    test('lists what begins with a prefix, in order and by pages', async () => {
      const keys = Array.from({ length: 25 }, (_, index) => `list/x/${String(index).padStart(3, '0')}`);
      const path = await file('x');
      await Promise.all(keys.map((key) => storage.put(key, path, { type: TYPE })));
      await storage.put('list/y', path, { type: TYPE });
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await storage.list('list/x/', { limit: 10, ...(cursor !== undefined && { cursor }) });
        expect(page.objects.length).toBeLessThanOrEqual(10);
        found.push(...page.objects.map(({ key }) => key));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(found).toEqual(keys);
      expect((await storage.list('list/none/')).objects).toEqual([]);
      await Promise.all([...keys, 'list/y'].map((key) => storage.delete(key)));
    });

    test.each(HOSTILE_KEYS.map((key) => [JSON.stringify(key.slice(0, 40)), key] as const))(
      'the key %s is refused by every operation',
      async (_, key) => {
        const path = await file('x');
        for (const attempt of [
          storage.put(key, path, { type: TYPE }),
          storage.get(key),
          storage.head(key),
          storage.delete(key),
        ]) {
          expect(await failureOf(attempt)).toMatchObject({ code: 'validation_error' });
        }
      },
    );

    test('a source that is not there, or a put that is called off, leaves nothing', async () => {
      await failureOf(storage.put('calls/none', join(folder, 'no-such-file'), { type: TYPE }));
      const reason = new Error('called off');
      const controller = new AbortController();
      controller.abort(reason);
      const { signal } = controller;
      await failureOf(storage.put('calls/off', await file('x'), { type: TYPE, signal }));
      expect((await storage.list('calls/')).objects.map(({ key }) => key)).not.toContain('calls/off');
    });

    test(
      `${LARGE_MIB} MB go through by the piece, and are told of`,
      async () => {
        const path = join(folder, 'large');
        const writer = Bun.file(path).writer();
        const piece = crypto.getRandomValues(new Uint8Array(65_536));
        for (let written = 0; written < LARGE_MIB * MIB; written += piece.length) {
          writer.write(piece);
          await writer.flush();
        }
        await writer.end();
        Bun.gc(true);
        const before = process.memoryUsage.rss();
        let most = 0;
        const told: number[] = [];
        await storage.put('calls/large', path, {
          type: TYPE,
          onProgress: (bytes) => {
            told.push(bytes);
            most = Math.max(most, process.memoryUsage.rss());
          },
        });
        expect(told.at(-1)).toBe(LARGE_MIB * MIB);
        expect((most - before) / MIB).toBeLessThan(MAX_GROWTH_MIB);
        await storage.delete('calls/large');
      },
      TIMEOUT_MS,
    );

    test('says that it works', () => storage.check());
  });
}
