/** A PostgreSQL server as a process lives with it: late, gone, refusing, shared. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { createServer } from 'node:net';
import { withDatabase } from '../../../test/support/databases.ts';
import { findFreePort, startPostgres, type TestPostgres } from '../../../test/support/postgres.ts';
import { AppError } from '../../lib/index.ts';
import { type Database, openDatabase } from '../index.ts';

// Databases and processes start here: slow on a busy machine, and Bun ends every child of a test that runs out of time.
setDefaultTimeout(60_000);

const PASSWORD = 's3cret-w0rd';
const START_TIMEOUT_MS = 60_000;

const undo: (() => Promise<unknown> | unknown)[] = [];
let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});

afterEach(async () => {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
});

afterAll(() => server.stop());

async function open(url: string, connectTimeoutMs = 10_000): Promise<Database> {
  const database = await openDatabase({
    kind: 'postgres',
    url,
    connectTimeoutMs,
    pingTimeoutMs: 1_000,
    closeTimeoutMs: 200,
  });
  undo.push(() => database.close());
  return database;
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, not ${String(error)}`);
  return error;
}

function change(url: string, part: 'password' | 'port' | 'username', value: string): string {
  const changed = new URL(url);
  changed[part] = value;
  return changed.href;
}

test('a server that cannot be reached in time is named by host, port and database, without the password', async () => {
  const port = await findFreePort();
  const error = await failureOf(open(`postgres://kaa:${PASSWORD}@127.0.0.1:${port}/calls`, 300));
  expect(error.code).toBe('database_unavailable');
  expect(error.message).toContain(`127.0.0.1:${port}, database "calls"`);
  expect(Bun.inspect(error)).not.toContain(PASSWORD);
});

test('a server that hangs up on every connection is given up in time too', async () => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  undo.push(() => new Promise((resolve) => listener.close(resolve)));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const error = await failureOf(open(`postgres://kaa:${PASSWORD}@127.0.0.1:${address.port}/calls`, 600));
  expect(error.code).toBe('database_unavailable');
  expect(connections).toBeGreaterThan(1);
});

test('a server that comes up late is waited for', async () => {
  const port = await findFreePort();
  const opening = open(change(server.url, 'port', String(port)), START_TIMEOUT_MS);
  const late = await startPostgres({ port });
  undo.push(() => late.stop());
  await (await opening).ping();
});

test('a wrong password is refused at once, and not said', async () => {
  const error = await failureOf(open(change(server.url, 'password', PASSWORD), START_TIMEOUT_MS));
  expect(error.code).toBe('database_refused');
  expect(Bun.inspect(error)).not.toContain(PASSWORD);
});

test('a database that does not exist is refused at once', async () => {
  const error = await failureOf(open(withDatabase(server.url, 'missing'), START_TIMEOUT_MS));
  expect(error.code).toBe('database_refused');
  expect(error.message).toContain('database "missing"');
});

test('TLS that the server does not speak is refused, not gone without', async () => {
  const error = await failureOf(
    openDatabase({ kind: 'postgres', url: server.url, sslMode: 'require', connectTimeoutMs: 300 }),
  );
  expect(error.message).not.toContain('test-password');
  const database = await open(`${server.url}?sslmode=prefer`);
  await database.ping();
});

test('several processes that migrate at once apply each migration once', async () => {
  await (await open(server.url)).executeSql('create database shared');
  const databases = await Promise.all(
    Array.from({ length: 4 }, () => open(withDatabase(server.url, 'shared'))),
  );
  await Promise.all(databases.map((database) => database.migrate()));
  const { rows } = await databases[0]!.executeSql('select hash from drizzle.__drizzle_migrations');
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
});

test('closing leaves no connection on the server', async () => {
  const watcher = await open(server.url);
  const database = await openDatabase({ kind: 'postgres', url: withDatabase(server.url, 'template1') });
  await Promise.all([database.ping(), database.executeSql('select 1'), database.migrate()]);
  await database.close();
  await database.close();
  const left = async () =>
    (await watcher.executeSql("select count(*)::int as n from pg_stat_activity where datname = 'template1'"))
      .rows[0]?.n;
  // The server notices the end of a connection a moment after us.
  while ((await left()) !== 0) await Bun.sleep(5);
});

test('a server that goes away fails the ping, and one that comes back answers it', async () => {
  const port = await findFreePort();
  const first = await startPostgres({ port });
  undo.push(() => first.stop());
  const database = await open(first.url);
  await database.ping();
  await first.stop();
  const error = await failureOf(database.ping());
  expect(error.code).toBe('database_unavailable');
  expect(error.message).toContain(`127.0.0.1:${port}`);
  expect(Bun.inspect(error)).not.toContain('test-password');
  const second = await startPostgres({ port });
  undo.push(() => second.stop());
  await waitFor(() => database.ping());
});

async function waitFor(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    const isDone = await attempt().then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
}
