/** The embedded database as a process lives with it: its thread, its folder, its end. */
import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedFolder } from '../../../test/support/embedded-folder.ts';
import { type Database, openDatabase, videoCalls } from '../index.ts';
import { FolderLock } from './folder-lock.ts';

// Databases and processes start here: slow on a busy machine, and Bun ends every child of a test that runs out of time.
setDefaultTimeout(60_000);

const OWNER_SCRIPT = join(import.meta.dir, '../../../test/support/embedded-owner.ts');

const undo: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
});

async function newFolder(): Promise<string> {
  const folder = await createEmbeddedFolder();
  undo.push(folder.remove);
  return folder.dataDir;
}

async function newEmptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-pglite-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(dataDir: string): Promise<Database> {
  const database = await openDatabase({ kind: 'pglite', dataDir, closeTimeoutMs: 200 });
  undo.push(() => database.close());
  return database;
}

function startOwner(dataDir: string, ...options: string[]) {
  const owner = Bun.spawn([process.execPath, OWNER_SCRIPT, dataDir, ...options], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  undo.push(async () => {
    owner.kill('SIGKILL');
    await owner.exited;
  });
  const reader = owner.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  /** Resolves with all output so far, as soon as it holds the text or the process has ended. */
  const output = async (wanted?: string): Promise<string> => {
    while (wanted === undefined || !text.includes(wanted)) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
    }
    return text;
  };
  return { process: owner, output };
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the embedded database', () => {
  test('keeps its rows when it is closed and opened again', async () => {
    const dataDir = await newFolder();
    const first = await open(dataDir);
    await first.migrate();
    await first.orm.insert(videoCalls).values({ roomId: 'room', access: 'open' });
    await first.close();
    const second = await open(dataDir);
    expect(await second.orm.select().from(videoCalls)).toHaveLength(1);
  });

  test('does not hold up the timers of the main thread while rows go in', async () => {
    const database = await open(await newFolder());
    await database.migrate();
    let last = performance.now();
    let longestGapMs = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      longestGapMs = Math.max(longestGapMs, now - last);
      last = now;
    }, 1);
    const startedAt = performance.now();
    for (let index = 0; index < 2_000; index += 1) {
      await database.executeSql('insert into video_calls (id, room_id, access) values ($1, $2, $3)', [
        Bun.randomUUIDv7(),
        `room-${index}`,
        'open',
      ]);
    }
    const elapsedMs = performance.now() - startedAt;
    clearInterval(timer);
    // On the main thread the two are the same: no timer runs before the last insert.
    expect(longestGapMs).toBeLessThan(elapsedMs / 4);
  });

  test('lets its process end by itself once it is closed', async () => {
    const owner = startOwner(await newFolder(), '--rows=1');
    expect(await owner.output()).toBe('inserted 1\n');
    expect(await owner.process.exited).toBe(0);
  });

  test('refuses queries after its close, closes twice, and gives the folder free', async () => {
    const dataDir = await newFolder();
    const database = await open(dataDir);
    await Promise.all([database.close(), database.close()]);
    expect(await failureOf(database.ping())).toMatchObject({ code: 'database_unavailable' });
    expect(await failureOf(database.executeSql('select 1'))).toBeInstanceOf(Error);
    FolderLock.take(dataDir).release();
  });

  test('ends a transaction that is still open when it is closed', async () => {
    const dataDir = await newFolder();
    const database = await open(dataDir);
    await database.migrate();
    const inside = Promise.withResolvers<void>();
    const never = Promise.withResolvers<void>();
    const transaction = failureOf(
      database.orm.transaction(async (tx) => {
        await tx.insert(videoCalls).values({ roomId: 'unfinished', access: 'open' });
        inside.resolve();
        await never.promise;
      }),
    );
    await inside.promise;
    await database.close();
    expect(await transaction).toBeInstanceOf(Error);
    const again = await open(dataDir);
    expect(await again.orm.select().from(videoCalls)).toEqual([]);
  });

  test('makes its folder when there is none, and throws away what an interrupted start left', async () => {
    const dataDir = join(await newEmptyFolder(), 'deep/data');
    await mkdir(join(dataDir, 'cluster.new'), { recursive: true });
    await writeFile(join(dataDir, 'cluster.new/PG_VERSION'), '18\n');
    const database = await open(dataDir);
    await database.migrate();
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'owner.lock', 'owner.pid']);
  });
});

describe('the folder of an embedded database', () => {
  test('is refused to a second process, which is told who has it', async () => {
    const dataDir = await newFolder();
    await open(dataDir);
    const second = startOwner(dataDir);
    const output = await second.output();
    expect(output).toStartWith('failed database_locked: ');
    expect(output).toContain(dataDir);
    expect(output).toContain(`the process ${process.pid}`);
    expect(await second.process.exited).toBe(0);
  });

  test('is taken over from a process that was killed, with every row that was acknowledged', async () => {
    const dataDir = await newFolder();
    const owner = startOwner(dataDir);
    await owner.output('inserted 50\n');
    expect(await failureOf(openDatabase({ kind: 'pglite', dataDir }))).toMatchObject({
      code: 'database_locked',
    });
    owner.process.kill('SIGKILL');
    await owner.process.exited;
    const acknowledged = (await owner.output()).split('\n').filter(Boolean).length;
    const database = await open(dataDir);
    const rows = await database.orm.select({ roomId: videoCalls.roomId }).from(videoCalls);
    const rooms = new Set(rows.map(({ roomId }) => roomId));
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    for (let number = 1; number <= acknowledged; number += 1) expect(rooms).toContain(`room-${number}`);
  });

  test('goes to one of two that start at the same time', async () => {
    const dataDir = await newFolder();
    const owners = [startOwner(dataDir), startOwner(dataDir), startOwner(dataDir)];
    const outputs = await Promise.all(owners.map((owner) => owner.output('\n')));
    expect(outputs.map((output) => output.split(' ')[0]).sort()).toEqual(['failed', 'failed', 'inserted']);
  });

  test('is refused to a second database of the same process', async () => {
    const dataDir = await newEmptyFolder();
    const lock = FolderLock.take(dataDir);
    expect(() => FolderLock.take(dataDir)).toThrow(`the process ${process.pid}`);
    lock.release();
    lock.release();
    FolderLock.take(dataDir).release();
  });

  test('is not held by the pid that a dead process left, whoever has that pid now', async () => {
    const dataDir = await newEmptyFolder();
    await writeFile(join(dataDir, 'owner.pid'), `${process.pid}\n`);
    FolderLock.take(dataDir).release();
  });

  test('that cannot be made gives a clear error', async () => {
    const dataDir = await newEmptyFolder();
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    const error = await failureOf(openDatabase({ kind: 'pglite', dataDir: join(file, 'data') }));
    expect(error).toMatchObject({ code: 'database_folder_unusable', message: expect.stringContaining(file) });
  });

  test('with a damaged database gives a clear error, and is free again', async () => {
    const dataDir = await newEmptyFolder();
    await mkdir(join(dataDir, 'cluster'));
    await writeFile(join(dataDir, 'cluster/PG_VERSION'), 'not a version\n');
    const error = await failureOf(openDatabase({ kind: 'pglite', dataDir }));
    expect(error).toMatchObject({ code: 'database_unavailable' });
    FolderLock.take(dataDir).release();
  });
});
