/** How the URL of a server is read, and that its password stays inside. */
import { expect, test } from 'bun:test';
import { describeTarget, parseTarget, redactPassword } from './target.ts';

const PASSWORD = 'p@ss/wörd%';
const url = (rest: string) => `postgres://kaa:${encodeURIComponent(PASSWORD)}@${rest}`;

test('a URL gives everything, percent-encoding undone', () => {
  const target = parseTarget(url('db.example:6543/my%20calls?sslmode=require&application_name=x'));
  expect(target).toMatchObject({
    host: 'db.example',
    port: 6543,
    database: 'my calls',
    user: 'kaa',
    sslMode: 'require',
    parameters: { application_name: 'x' },
  });
  expect(target.password()).toBe(PASSWORD);
});

test('what a URL leaves out has the defaults of PostgreSQL', () => {
  expect(parseTarget('postgresql://kaa@localhost')).toMatchObject({
    host: 'localhost',
    port: 5432,
    database: 'kaa',
  });
});

test('the folder of a Unix socket is given as host', () => {
  expect(parseTarget('postgres://kaa@localhost/calls?host=/run/postgresql')).toMatchObject({
    host: '/run/postgresql',
  });
});

test.each([
  ['nonsense', 'secret'],
  ['mysql://kaa:secret@localhost/x', 'secret'],
  ['postgres://:secret@localhost/x', 'secret'],
  ['postgres://kaa:secret%zz@localhost/x', 'secret'],
  ['postgres://kaa:secret@localhost:99999/x', 'secret'],
  ['postgres://kaa:secret@localhost/x?sslmode=maybe', 'secret'],
])('%s is refused, without saying the password', (text, password) => {
  const error = (() => {
    try {
      return parseTarget(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ code: 'database_url_invalid' });
  expect(Bun.inspect(error)).not.toContain(`${password}@`);
  expect(String(error)).not.toContain(password);
});

test('a target shows where, never the password', () => {
  const target = parseTarget(url('[::1]:5432/calls'));
  expect(describeTarget(target)).toBe('[::1]:5432, database "calls"');
  expect(Bun.inspect(target)).not.toContain(PASSWORD);
  const text = `failed for ${PASSWORD} and ${encodeURIComponent(PASSWORD)}`;
  expect(redactPassword(text, target)).toBe('failed for [redacted] and [redacted]');
});
