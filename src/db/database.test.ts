/** What every `Database` promises, on PGlite and on PostgreSQL. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { eq, sql } from 'drizzle-orm';
import { describeOnEachDatabase } from '../../test/support/databases.ts';
import { newId } from '../lib/index.ts';
import {
  CALLS_LIVE_ROOM_ID_CONSTRAINT,
  callParticipants,
  type NewCallRow,
  type Orm,
  videoCalls,
  violatedConstraint,
} from './index.ts';

// Databases and processes start here: slow on a busy machine, and Bun ends every child of a test that runs out of time.
setDefaultTimeout(60_000);

const newCall = (values: Partial<NewCallRow> = {}): NewCallRow => ({
  roomId: 'room',
  access: 'open',
  ...values,
});

const rejectionOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: unknown) => error,
  );

async function insertCall(orm: Orm, values: Partial<NewCallRow> = {}) {
  const [row] = await orm.insert(videoCalls).values(newCall(values)).returning();
  return row!;
}

describeOnEachDatabase('a database', (open) => {
  describe('the schema', () => {
    test('gives a call its defaults', async () => {
      const { orm } = await open();
      const row = await insertCall(orm);
      expect(row).toMatchObject({
        type: 'video',
        status: 'scheduled',
        invited: [],
        maxParticipants: 50,
        settings: {},
        metadata: {},
        createdBy: null,
        endedAt: null,
      });
      expect(row.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(Math.abs(row.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
    });

    test('gives back moments, arrays and JSON as they were written', async () => {
      const { orm } = await open();
      const written = {
        startedAt: new Date('2026-03-01T12:34:56.789Z'),
        invited: ['alice', 'b"o,b', '{}', 'Ж🎥', ''],
        settings: { layout: ['grid', null], nested: { text: '"quoted" \\ \'single\'', number: 1.5 } },
        metadata: { list: [1, 2, 3] },
        title: null,
      };
      await insertCall(orm, written);
      const [row] = await orm.select().from(videoCalls);
      expect(row).toMatchObject(written);
    });

    test('finds a row by the creation time that was read from it', async () => {
      const { orm } = await open();
      const { createdAt } = await insertCall(orm);
      expect(await orm.select().from(videoCalls).where(eq(videoCalls.createdAt, createdAt))).toHaveLength(1);
    });

    test('moves the time of the last change with each update', async () => {
      const { orm } = await open();
      const { id } = await insertCall(orm, { updatedAt: new Date(0) });
      const [row] = await orm
        .update(videoCalls)
        .set({ title: 'new' })
        .where(eq(videoCalls.id, id))
        .returning();
      expect(row!.updatedAt.getTime()).toBeGreaterThan(0);
    });

    test('refuses a second call with the room id of one that has not ended', async () => {
      const { orm } = await open();
      await insertCall(orm, { status: 'scheduled' });
      const error = await rejectionOf(insertCall(orm, { status: 'active' }));
      expect(violatedConstraint(error)).toBe(CALLS_LIVE_ROOM_ID_CONSTRAINT);
    });

    test('lets a room id come back after the end, as a call with another id', async () => {
      const { orm } = await open();
      const first = await insertCall(orm, { status: 'ended' });
      const second = await insertCall(orm, { status: 'ended' });
      const third = await insertCall(orm);
      expect(new Set([first.id, second.id, third.id]).size).toBe(3);
      const error = await rejectionOf(
        orm.update(videoCalls).set({ status: 'active' }).where(eq(videoCalls.id, first.id)).execute(),
      );
      expect(violatedConstraint(error)).toBe(CALLS_LIVE_ROOM_ID_CONSTRAINT);
    });

    test('makes one call of two creations at once', async () => {
      const { orm } = await open();
      const results = await Promise.allSettled([insertCall(orm), insertCall(orm)]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('refuses an unknown status and an unknown access', async () => {
      const database = await open();
      const insert = (status: string, access: string) =>
        database.executeSql('insert into video_calls (id, room_id, status, access) values ($1, $2, $3, $4)', [
          newId(),
          'room',
          status,
          access,
        ]);
      expect(violatedConstraint(await rejectionOf(insert('wrong', 'open')))).toBe('video_calls_status_check');
      expect(violatedConstraint(await rejectionOf(insert('active', 'wrong')))).toBe(
        'video_calls_access_check',
      );
    });

    test('removes the participants with their call', async () => {
      const { orm } = await open();
      const { id } = await insertCall(orm);
      await orm.insert(callParticipants).values({ callId: id, userId: 'alice' });
      await orm.delete(videoCalls).where(eq(videoCalls.id, id));
      expect(await orm.select().from(callParticipants)).toEqual([]);
    });

    test('has an index that gives the newest calls of a creator without sorting', async () => {
      const database = await open();
      const plan = await database.orm.transaction(async (tx) => {
        await tx.execute(sql`set local enable_seqscan = off`);
        await tx.execute(sql`set local enable_bitmapscan = off`);
        return await tx.execute(
          sql`explain select * from video_calls where created_by = 'alice' order by created_at desc, id desc limit 10`,
        );
      });
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('calls_created_by_newest_idx');
      expect(text).not.toContain('Sort');
    });
  });

  describe('migrating', () => {
    test('again changes nothing', async () => {
      const database = await open();
      await insertCall(database.orm);
      await Promise.all([database.migrate(), database.migrate()]);
      expect(await database.orm.select().from(videoCalls)).toHaveLength(1);
    });

    test('an empty database several times at once applies each migration once', async () => {
      const database = await open();
      await database.executeSql(
        'drop schema drizzle cascade; drop schema public cascade; create schema public',
      );
      await Promise.all([database.migrate(), database.migrate(), database.migrate()]);
      const { rows } = await database.executeSql('select hash from drizzle.__drizzle_migrations');
      expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
      await insertCall(database.orm);
    });

    test('a database whose tables are not ours fails with a clear error and keeps nothing', async () => {
      const database = await open();
      await database.executeSql('drop schema drizzle cascade; drop table call_participants');
      expect(await rejectionOf(database.migrate())).toMatchObject({ code: 'migration_failed' });
      const { rows } = await database.executeSql(`select to_regclass('call_participants') as name`);
      expect(rows).toEqual([{ name: null }]);
    });
  });

  describe('a transaction', () => {
    test('is kept when its callback resolves, and gone when it throws', async () => {
      const { orm } = await open();
      await orm.transaction((tx) => insertCall(tx, { roomId: 'kept' }));
      const failure = new Error('no');
      const failing = orm.transaction(async (tx) => {
        await insertCall(tx, { roomId: 'gone' });
        throw failure;
      });
      expect(await rejectionOf(failing)).toBe(failure);
      expect((await orm.select().from(videoCalls)).map(({ roomId }) => roomId)).toEqual(['kept']);
    });

    test('inside another fails alone', async () => {
      const { orm } = await open();
      await orm.transaction(async (tx) => {
        await insertCall(tx, { roomId: 'outer' });
        await rejectionOf(
          tx.transaction(async (inner) => {
            await insertCall(inner, { roomId: 'inner' });
            await insertCall(inner, { roomId: 'outer' });
          }),
        );
        await insertCall(tx, { roomId: 'after' });
      });
      const rooms = (await orm.select().from(videoCalls)).map(({ roomId }) => roomId);
      expect(rooms.sort()).toEqual(['after', 'outer']);
    });

    test('that fails leaves the next query fine', async () => {
      const { orm } = await open();
      await insertCall(orm);
      await rejectionOf(orm.transaction((tx) => insertCall(tx)));
      await rejectionOf(orm.execute(sql`select ${'x'}::int`));
      await rejectionOf(orm.execute(sql`select * from missing`));
      expect(await orm.select().from(videoCalls)).toHaveLength(1);
    });

    test('does not mix with others that run at the same time', async () => {
      const database = await open();
      const { orm } = database;
      const { id } = await insertCall(orm, { maxParticipants: 1 });
      const addOne = (outcome: 'commit' | 'roll back') =>
        orm.transaction(async (tx) => {
          const [row] = await tx.select().from(videoCalls).where(eq(videoCalls.id, id)).for('update');
          await new Promise((resolve) => setImmediate(resolve));
          await tx
            .update(videoCalls)
            .set({ maxParticipants: row!.maxParticipants + 1 })
            .where(eq(videoCalls.id, id));
          if (outcome === 'roll back') throw new Error('rolled back');
        });
      const count = 40;
      const results = await Promise.allSettled([
        ...Array.from({ length: count }, (_, index) => addOne(index % 4 === 3 ? 'roll back' : 'commit')),
        ...Array.from({ length: count }, () => database.executeSql('select count(*) from video_calls')),
        ...Array.from({ length: count }, () => orm.select().from(videoCalls)),
      ]);
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(count / 4);
      const [row] = await orm.select().from(videoCalls);
      expect(row!.maxParticipants).toBe(1 + (count * 3) / 4);
    });

    test('is not seen by others before it is kept', async () => {
      const database = await open();
      const seen: unknown[] = [];
      const others: Promise<unknown>[] = [];
      await database.orm.transaction(async (tx) => {
        await insertCall(tx);
        // On PGlite it waits for the transaction, on PostgreSQL it does not: in neither may it see half of one.
        others.push(
          database
            .executeSql('select (select count(*)::int from video_calls) as n')
            .then(({ rows }) => seen.push(rows[0]?.n)),
        );
        await new Promise((resolve) => setImmediate(resolve));
        await insertCall(tx, { roomId: 'second' });
      });
      await Promise.all(others);
      expect([0, 2]).toContain(seen[0] as number);
    });
  });

  describe('raw SQL', () => {
    test('gives moments as dates, big numbers as text, JSON parsed, and takes JSON that is text already', async () => {
      const database = await open();
      const now = new Date('2026-03-01T12:34:56.789Z');
      const { rows } = await database.executeSql(
        'select $1::timestamptz as moment, 9007199254740993 as big, $2::jsonb as json, $3::text[] as list, $4::text as nothing',
        [now, JSON.stringify({ a: [1] }), ['x', 'y,"z'], undefined],
      );
      expect(rows).toEqual([
        { moment: now, big: '9007199254740993', json: { a: [1] }, list: ['x', 'y,"z'], nothing: null },
      ]);
    });

    test('runs several statements of one text, and gives all their rows', async () => {
      const database = await open();
      const { rows } = await database.executeSql(
        'BEGIN; create table t (n int); insert into t values (1); select n from t; COMMIT',
      );
      expect(rows).toEqual([{ n: 1 }]);
      expect((await database.executeSql('select n from t')).rows).toEqual([{ n: 1 }]);
    });

    test('that fails in a transaction of its own leaves the next queries fine, and nothing of itself', async () => {
      const database = await open();
      for (let round = 0; round < 15; round += 1) {
        const error = await rejectionOf(
          database.executeSql(
            'BEGIN; create table half (n int); select 1/0; create table never (n int); COMMIT',
          ),
        );
        expect(error).toMatchObject({ code: '22012' });
      }
      expect((await database.executeSql("select to_regclass('half') as name")).rows).toEqual([
        { name: null },
      ]);
      await insertCall(database.orm);
      await database.ping();
    });
  });

  describe('itself', () => {
    test('answers a ping', async () => {
      await (await open()).ping();
    });

    test('does not show its inside when it is printed', async () => {
      expect(Bun.inspect(await open())).not.toContain('test-password');
    });
  });
});

describe('a violated constraint', () => {
  test('is not seen in other errors', () => {
    expect(violatedConstraint(new Error('other', { cause: new Error('inner') }))).toBeUndefined();
    expect(violatedConstraint('text')).toBeUndefined();
  });
});
