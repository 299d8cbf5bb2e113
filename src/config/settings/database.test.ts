import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../load.ts';
import type { Env } from '../source.ts';

const PARTS = { DB_HOST: 'db', DB_USER: 'kim', DB_PASSWORD: 'p@ss/word', DB_DATABASE: 'calls' };

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kaa-config-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const load = (env: Env) => loadConfig({ env, cwd }).database;

describe('the database', () => {
  test('is named by a URL', () => {
    const url = 'postgres://kim:word@db:5433/calls?sslmode=require';
    expect(load({ DATABASE_URL: url })).toEqual({ kind: 'postgres', url });
  });

  test('or by parts, which may hold any character', () => {
    expect(load({ ...PARTS, DB_PORT: '5433', DB_SSLMODE: 'verify-full' })).toEqual({
      kind: 'postgres',
      url: 'postgres://kim:p%40ss%2Fword@db:5433/calls?sslmode=verify-full',
    });
    expect(load({ ...PARTS, DB_HOST: '::1' })).toMatchObject({
      url: 'postgres://kim:p%40ss%2Fword@[::1]:5432/calls',
    });
  });

  test('DB_NAME is another name of DB_DATABASE, and must agree with it', () => {
    const { DB_DATABASE: _, ...rest } = PARTS;
    expect(load({ ...rest, DB_NAME: 'calls' })).toMatchObject({ url: expect.stringContaining('/calls') });
    expect(() => load({ ...PARTS, DB_NAME: 'vod_db' })).toThrow('DB_DATABASE and DB_NAME disagree');
  });

  test('URL and parts may be given together when they agree', () => {
    const url = 'postgres://kim:p%40ss%2Fword@db/calls';
    expect(load({ DATABASE_URL: url, ...PARTS, DB_PORT: '5432' })).toEqual({ kind: 'postgres', url });
    expect(() => load({ DATABASE_URL: url, ...PARTS, DB_PORT: '5433', DB_PASSWORD: 'other' })).toThrow(
      'DATABASE_URL and DB_PORT, DB_PASSWORD disagree',
    );
  });

  test('half of the parts are not silently another database', () => {
    expect(() => load({ DB_PASSWORD: 'word' })).toThrow('DB_HOST and DB_USER and DB_DATABASE are missing');
  });

  test('may be reached by the folder of its socket', () => {
    const { DB_HOST: _, ...rest } = PARTS;
    expect(load({ ...rest, DB_HOST: '/run/postgresql' })).toMatchObject({
      url: 'postgres://kim:p%40ss%2Fword@localhost:5432/calls?host=%2Frun%2Fpostgresql',
    });
  });

  test.each(['mysql://kim@db/calls', 'postgres://db/calls', 'postgres://kim:50%@db/calls', 'db/calls'])(
    '%s is not a URL of one',
    (url) => {
      expect(() => load({ DATABASE_URL: url })).toThrow('DATABASE_URL has a value that cannot be used');
    },
  );
});
