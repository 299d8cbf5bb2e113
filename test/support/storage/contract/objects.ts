/** The contract of storage: single objects. */
import { expect } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../../failure.ts';
import { sha256Of } from '../world.ts';
import type { ContractCase, Subject } from './contract-case.ts';

const KIB = 1_024;
/** Several parts where a provider cuts files into parts. */
const LARGE = 20 * KIB * KIB + 1;

export const OBJECT_CASES: readonly ContractCase[] = [
  {
    title: 'a file that was put can be looked at and read',
    async run({ storage, workshop, prefix }) {
      const path = await workshop.write('plain', 300 * KIB + 7);
      const key = `${prefix}recording.mp4`;
      const before = Date.now();
      const stored = await storage.put(key, path, { type: 'video/mp4' });
      expect(stored).toMatchObject({ key, size: 300 * KIB + 7 });
      expect(await storage.head(key)).toEqual(stored);
      // Some keep whole seconds.
      expect(Math.abs(stored.modifiedAt.getTime() - before)).toBeLessThan(60_000);
      expect([undefined, 'video/mp4']).toContain(stored.type);
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
    },
  },
  {
    title: 'a file of many parts arrives whole, and its progress is told up to the end',
    async run({ storage, world, workshop, prefix }) {
      const path = await workshop.write('large', LARGE);
      const key = `${prefix}recording.mp4`;
      const told: number[] = [];
      const { size } = await storage.put(key, path, {
        type: 'video/mp4',
        onProgress: (bytes) => told.push(bytes),
      });
      expect(size).toBe(LARGE);
      expect(told.at(-1)).toBe(LARGE);
      expect(told.length).toBeGreaterThan(1);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'an empty file is a file',
    async run({ storage, workshop, prefix }) {
      const key = `${prefix}empty`;
      expect(await storage.put(key, await workshop.write('empty', 0), { type: 'text/plain' })).toMatchObject({
        size: 0,
      });
      expect(await new Response(await storage.get(key)).text()).toBe('');
    },
  },
  {
    title: 'put again is no error, and the last one stays',
    async run({ storage, prefix, ...rest }) {
      const key = `${prefix}again`;
      for (const text of ['first', 'first', 'the second'])
        await putText({ storage, prefix, ...rest }, key, text);
      expect(await new Response(await storage.get(key)).text()).toBe('the second');
      expect((await storage.list(prefix)).objects.map((object) => object.key)).toEqual([key]);
    },
  },
  {
    title: 'two puts of one key at the same time leave one of both, whole',
    async run({ storage, world, workshop, prefix }) {
      const key = `${prefix}contested`;
      const paths = await Promise.all([1, 2].map((seed) => workshop.write(`contested-${seed}`, LARGE, seed)));
      await Promise.all(paths.map((path) => storage.put(key, path, { type: 'video/mp4' })));
      const digests = await Promise.all(paths.map((path) => sha256Of(Bun.file(path).stream())));
      expect(digests).toContain(await sha256Of(await storage.get(key)));
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'ranges are inclusive, are cut at the end of the file, and are refused behind it',
    async run(subject) {
      const { storage, prefix } = subject;
      const key = `${prefix}ranges`;
      await putText(subject, key, '0123456789');
      const read = async (start: number, end: number) =>
        new Response(await storage.get(key, { start, end })).text();
      expect(await read(0, 0)).toBe('0');
      expect(await read(3, 5)).toBe('345');
      expect(await read(9, 9)).toBe('9');
      expect(await read(0, 9)).toBe('0123456789');
      expect(await read(8, 1_000)).toBe('89');
      for (const [start, end] of [
        [10, 11],
        [5, 4],
        [-1, 3],
        [0.5, 2],
      ] as const) {
        expect(await failureOf(storage.get(key, { start, end }))).toMatchObject({ code: 'validation_error' });
      }
    },
  },
  {
    title: 'a reader that leaves half-way leaves nothing open, and others read on',
    async run({ storage, workshop, prefix }) {
      const key = `${prefix}left`;
      const path = await workshop.write('left', LARGE);
      await storage.put(key, path, { type: 'video/mp4' });
      for (let round = 0; round < 20; round += 1) {
        const reader = (await storage.get(key)).getReader();
        expect((await reader.read()).done).toBe(false);
        await reader.cancel();
      }
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
    },
  },
  {
    title: 'what is not there: undefined to look at, not_found to read, no error to delete',
    async run({ storage, prefix }) {
      const key = `${prefix}nothing`;
      expect(await storage.head(key)).toBeUndefined();
      expect(await failureOf(storage.get(key))).toMatchObject({ code: 'not_found' });
      await storage.delete(key);
      expect(await storage.list(prefix)).toEqual({ objects: [] });
    },
  },
  {
    title: 'deletion takes one file away and no other, and twice is no error',
    async run(subject) {
      const { storage, prefix } = subject;
      await putText(subject, `${prefix}a/one`, 'one');
      await putText(subject, `${prefix}a/one-more`, 'one more');
      for (let round = 0; round < 2; round += 1) await storage.delete(`${prefix}a/one`);
      expect(await storage.head(`${prefix}a/one`)).toBeUndefined();
      expect(await new Response(await storage.get(`${prefix}a/one-more`)).text()).toBe('one more');
      await storage.delete(`${prefix}a`);
      expect((await storage.list(prefix)).objects).toHaveLength(1);
    },
  },
  {
    title: 'a put that is aborted rejects with the reason, shows nothing at the key, and can be done again',
    async run({ storage, world, workshop, prefix }) {
      const key = `${prefix}aborted`;
      const path = await workshop.write('aborted', LARGE);
      const abort = new AbortController();
      const reason = new Error('the server stops');
      const put = storage.put(key, path, {
        type: 'video/mp4',
        signal: abort.signal,
        onProgress: () => abort.abort(reason),
      });
      expect(await failureOf(put)).toBe(reason);
      expect(await storage.head(key)).toBeUndefined();
      expect(await failureOf(storage.put(key, path, { type: 'video/mp4', signal: abort.signal }))).toBe(
        reason,
      );
      await storage.put(key, path, { type: 'video/mp4' });
      expect(await sha256Of(await storage.get(key))).toBe(await sha256Of(Bun.file(path).stream()));
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'a file that is not there, or is a folder, is told and leaves nothing',
    async run({ storage, world, workshop, prefix }) {
      for (const path of [join(workshop.path, 'missing'), workshop.path]) {
        expect(await failureOf(storage.put(`${prefix}x`, path, { type: 'video/mp4' }))).toBeInstanceOf(Error);
      }
      expect(await storage.head(`${prefix}x`)).toBeUndefined();
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'the check finds nothing to complain of and leaves nothing',
    async run({ storage, world, prefix }) {
      await storage.check();
      expect((await storage.list('checks/')).objects).toEqual([]);
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title:
      'a signed address gives the bytes and ranges to whoever has it, and to nobody with another signature',
    async run(subject) {
      const { storage, prefix } = subject;
      const key = `${prefix}signed`;
      await putText(subject, key, '0123456789');
      const url = await storage.signedUrl(key, { expiresInSeconds: 60, downloadName: 'My call.mp4' });
      if (url === undefined) return '(none: the server hands the bytes out)';
      const whole = await fetch(url);
      expect(await whole.text()).toBe('0123456789');
      expect(whole.headers.get('content-disposition')).toContain('My call.mp4');
      expect(whole.headers.get('content-disposition')).toStartWith('attachment');
      const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
      expect([part.status, await part.text()]).toEqual([206, '234']);
      const forged = new URL(url);
      forged.pathname = forged.pathname.replace('signed', 'another');
      expect((await fetch(forged)).ok).toBe(false);
      return undefined;
    },
  },
];

async function putText({ storage, workshop }: Subject, key: string, text: string): Promise<void> {
  const path = join(workshop.path, 'text');
  await writeFile(path, text);
  await storage.put(key, path, { type: 'text/plain' });
}
