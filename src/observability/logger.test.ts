import { expect, test } from 'bun:test';
import { createLogger, runInBackground } from './index.ts';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  return { lines, logger: createLogger({ level: 'info', format: 'json', service: 'kaa', destination }) };
}

test('secrets never reach a line, at the top or one level down', () => {
  const { lines, logger } = capture();
  logger.info({ token: 'eyJ', request: { authorization: 'Bearer eyJ' }, userId: 'alice' }, 'hello');
  expect(JSON.stringify(lines)).not.toContain('eyJ');
  expect(lines[0]).toMatchObject({ level: 'info', service: 'kaa', userId: 'alice', msg: 'hello' });
});

test('tokens are taken out of messages, errors, URLs and whatever is nested deeper', () => {
  const { lines, logger } = capture();
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
  const error = Object.assign(new Error(`refused ${jwt}`), { path: 'http://a.example/?token=s3cret' });
  logger.child({ from: jwt }).error({ err: error, deep: { deeper: { deepest: [jwt] } } }, `failed\n${jwt}`);
  expect(JSON.stringify(lines)).not.toContain('eyJ');
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(lines[0]?.msg).toBe('failed\n[redacted]');
});

test('the parameters of a failed query are not logged', () => {
  const { lines, logger } = capture();
  const error = Object.assign(new Error('Failed query: select $1\nparams: s3cret'), { params: ['s3cret'] });
  logger.error({ err: error }, 'failed');
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(JSON.stringify(lines)).toContain('select $1');
});

test('work in the background that fails becomes one line', async () => {
  const { lines, logger } = capture();
  const work = Promise.reject(new Error('broken'));
  runInBackground(work, 'counting', logger);
  await work.catch(() => {});
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'error', msg: 'counting failed' });
});
