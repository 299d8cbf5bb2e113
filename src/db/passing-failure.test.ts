/** What counts as a database that is away. */
import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { failureOf } from '../../test/support/failure.ts';
import { toUnavailable } from './passing-failure.ts';

test('a file that is missing is no database that is away', async () => {
  const failure = await failureOf(readFile('/there/is/no/such/file'));
  expect(failure).toMatchObject({ code: 'ENOENT' });
  expect(toUnavailable(failure)).toBeUndefined();
});

test('a socket that is missing is one', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  createConnection('/there/is/no/such/socket').on('error', resolve);
  const failure = new Error('a query failed', { cause: await promise });
  expect(toUnavailable(failure)).toMatchObject({ code: 'unavailable' });
});
