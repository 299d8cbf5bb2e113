/** The contract of storage: what may be a key, and how keys are listed. */
import { expect } from 'bun:test';
import { failureOf } from '../../failure.ts';
import type { ContractCase } from './contract-case.ts';

/** After the prefix of a case; each would lead elsewhere if somebody read it in a way of their own. */
const HOSTILE = [
  '../out',
  'a/../../out',
  '..',
  '.',
  './a',
  'a/./b',
  '.hidden',
  '.parts/x',
  'a//b',
  'a/',
  '',
  '%2e%2e/out',
  '%2e%2e%2fout',
  'a%00b',
  'a\0b',
  'a\nb',
  'a\rb',
  'a\u007fb',
  'a\\..\\out',
  'C:\\out',
  'a b',
  'a?b',
  'a#b',
  'a*',
  'a\u2044b',
  'a\u202eb',
  '\u0444\u0430\u0439\u043b',
  'emoji-\u{1f3a5}.mp4',
  'half-\ud83d',
  'x'.repeat(2_000),
  `${'x'.repeat(300)}.mp4`,
  '~root',
  '$(id)',
  '`id`',
  '|x',
];
const MANY = 1_050;

export const KEY_CASES: readonly ContractCase[] = [
  {
    title: 'keys that would leave their place are refused by every operation, and nothing comes of them',
    async run({ storage, world, workshop, prefix }) {
      const path = await workshop.write('hostile', 10);
      const keys = [...HOSTILE.map((name) => prefix + name), '/etc/passwd', '//host/x', '../../x', '', '/'];
      for (const key of keys) {
        const attempts = [
          storage.put(key, path, { type: 'text/plain' }),
          storage.head(key),
          storage.get(key),
          storage.delete(key),
          storage.signedUrl(key, { expiresInSeconds: 60 }),
        ];
        for (const failure of await Promise.all(attempts.map(failureOf))) {
          expect(failure, JSON.stringify(key)).toMatchObject({ code: 'validation_error' });
        }
      }
      for (const hostile of ['../', '/', 'a/../', '%2e%2e/', 'a\0']) {
        expect(await failureOf(storage.list(hostile)), hostile).toMatchObject({ code: 'validation_error' });
        expect(await failureOf(storage.deleteAll(hostile)), hostile).toMatchObject({
          code: 'validation_error',
        });
      }
      expect((await storage.list(prefix)).objects).toEqual([]);
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'every character that a key may have is kept as it is',
    async run({ storage, workshop, prefix }) {
      const path = await workshop.write('characters', 10);
      const keys = [
        'UPPER.mp4',
        'a@b.example',
        'dash--dash',
        'two..dots',
        'under_score',
        `${'x'.repeat(180)}.webm`,
      ].map((name) => prefix + name);
      for (const key of keys) await storage.put(key, path, { type: 'text/plain' });
      expect((await storage.list(prefix)).objects.map(({ key }) => key)).toEqual(keys.toSorted());
      for (const key of keys) expect((await storage.head(key))?.size).toBe(10);
    },
  },
  {
    title: 'more than a thousand keys are listed by pages, in order, each once, and deleted together',
    timeoutMs: 120_000,
    async run({ storage, workshop, prefix }) {
      const path = await workshop.write('many', 3);
      const keys = Array.from({ length: MANY }, (_, index) => `${prefix}n${index % 7}/${index}`);
      for (let done = 0; done < keys.length; done += 50) {
        await Promise.all(
          keys.slice(done, done + 50).map((key) => storage.put(key, path, { type: 'text/plain' })),
        );
      }
      const found: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await storage.list(prefix, cursor === undefined ? {} : { cursor });
        expect(page.objects.length).toBeLessThanOrEqual(1_000);
        expect(page.objects.every(({ size }) => size === 3)).toBe(true);
        found.push(...page.objects.map(({ key }) => key));
        cursor = page.cursor;
        pages += 1;
      } while (cursor !== undefined);
      expect(pages).toBe(2);
      expect(found).toEqual(keys.toSorted());

      const some = await storage.list(`${prefix}n1`, { limit: 2 });
      expect(some.objects.map(({ key }) => key)).toEqual(
        keys
          .filter((key) => key.startsWith(`${prefix}n1/`))
          .toSorted()
          .slice(0, 2),
      );
      expect(some.cursor).toBeDefined();

      await storage.deleteAll(`${prefix}n1/`);
      expect((await storage.list(`${prefix}n1/`)).objects).toEqual([]);
      expect((await storage.list(`${prefix}n2/`, { limit: 1 })).objects).toHaveLength(1);
      await storage.deleteAll(prefix);
      expect(await storage.list(prefix)).toEqual({ objects: [] });
    },
  },
  {
    title: 'a prefix need not end where a folder does',
    async run({ storage, workshop, prefix }) {
      const path = await workshop.write('prefixes', 3);
      for (const name of ['b.x', 'bc', 'b/d', 'c']) {
        await storage.put(`${prefix}${name}`, path, { type: 'text/plain' });
      }
      const found = await storage.list(`${prefix}b`);
      expect(found).toMatchObject({ objects: ['b.x', 'b/d', 'bc'].map((name) => ({ key: prefix + name })) });
      expect(found.cursor).toBeUndefined();
      expect((await storage.list(`${prefix}b/`)).objects.map(({ key }) => key)).toEqual([`${prefix}b/d`]);
    },
  },
];
