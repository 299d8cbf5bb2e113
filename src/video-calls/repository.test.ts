import { expect, test } from 'bun:test';
import { describeOnEachDatabase } from '../../test/support/databases.ts';
import { failureOf } from '../../test/support/failure.ts';
import { newId } from '../lib/index.ts';
import type { JournalEntry, NewStay } from './journal/entry.ts';
import { JournalRepository } from './journal/index.ts';
import { CallRepository } from './repository.ts';

describeOnEachDatabase('CallRepository', (open) => {
  const createBoth = async () => {
    const { orm } = await open();
    return { repository: new CallRepository(orm), journals: new JournalRepository(orm) };
  };
  const create = async () => (await createBoth()).repository;
  const call = (roomId: string, createdBy = 'hanna') => ({ roomId, createdBy, access: 'open' as const });

  test('a room id is taken until its call has ended, and then it may come again', async () => {
    const repository = await create();
    const first = await repository.insert(call('standup'));
    expect(await failureOf(repository.insert(call('standup')))).toMatchObject({ code: 'call_exists' });
    await repository.end(first.id, 'ended-by-host', new Date());
    const second = await repository.insert(call('standup'));
    expect((await repository.findNewest('standup'))?.id).toBe(second.id);
  });

  test('of two that insert the same room id at once, one succeeds', async () => {
    const repository = await create();
    const results = await Promise.allSettled([
      repository.insert(call('race')),
      repository.insert(call('race')),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('the end of a call ends its stays, and ends it once', async () => {
    const { repository, journals } = await createBoth();
    const { id: callId } = await repository.insert(call('ending'));
    const startedAt = new Date('2030-01-01T00:00:00Z');
    await journals.write([{ kind: 'activation', callId, startedAt }, begin({ callId, userId: 'ivan' })]);
    await repository.end(callId, 'empty', new Date('2030-01-01T01:00:00Z'));
    await repository.end(callId, 'max-duration', new Date('2031-01-01T00:00:00Z'));
    expect(await repository.findNewest('ending')).toMatchObject({
      status: 'ended',
      endReason: 'empty',
      endedAt: new Date('2030-01-01T01:00:00Z'),
    });
    expect(await repository.hasTakenPart(callId, 'ivan')).toBe(true);
    expect(await repository.update(callId, { title: 'too late' })).toBeUndefined();
    expect(await repository.findActive()).toEqual([]);
  });

  test('one sees the calls that one made, was in, or is invited to; pages are counted', async () => {
    const { repository, journals } = await createBoth();
    await repository.insert(call('made', 'paul'));
    const visited = await repository.insert(call('visited'));
    await journals.write([begin({ callId: visited.id, userId: 'paul' })]);
    await repository.insert({ ...call('invited'), invited: ['paul'] });
    await repository.insert(call('foreign'));
    const page = await repository.list({ visibleTo: 'paul' }, { page: 1, limit: 2 });
    expect(page.total).toBe(3);
    expect(page.rows).toHaveLength(2);
    const rest = await repository.list({ visibleTo: 'paul' }, { page: 2, limit: 2 });
    expect([...page.rows, ...rest.rows].map(({ roomId }) => roomId).sort()).toEqual([
      'invited',
      'made',
      'visited',
    ]);
    expect((await repository.list({ status: 'active' }, { page: 1, limit: 9 })).total).toBe(0);
    expect((await repository.list({ type: 'video' }, { page: 1, limit: 9 })).total).toBe(4);
  });

  test('stays are listed in the order of their coming, hidden ones only when asked for', async () => {
    const { repository, journals } = await createBoth();
    const { id: callId } = await repository.insert(call('stays'));
    const stay = (userId: string, minute: number, hidden = false) =>
      begin({ callId, userId, hidden, joinedAt: new Date(Date.UTC(2030, 0, 1, 0, minute)) });
    await journals.write([stay('late', 2), stay('early', 0), stay('spy', 1, true)]);

    const listed = await repository.listStays({ callId, withHidden: false }, { page: 1, limit: 1 });
    expect(listed).toMatchObject({ total: 2, rows: [{ userId: 'early', leftAt: null }] });
    const all = await repository.listStays({ callId, withHidden: true }, { page: 1, limit: 9 });
    expect(all.rows.map(({ userId }) => userId)).toEqual(['early', 'spy', 'late']);
    expect((await repository.listStays({ callId, withHidden: true }, { page: 2, limit: 9 })).rows).toEqual(
      [],
    );
    expect((await repository.findStays(callId)).map(({ userId }) => userId)).toEqual(['early', 'late']);
  });
});

function begin(stay: Pick<NewStay, 'callId' | 'userId'> & Partial<NewStay>): JournalEntry {
  const unsaid = {
    name: stay.userId,
    role: 'participant',
    hidden: false,
    metadata: {},
    joinedAt: new Date(),
  };
  return { kind: 'stay', row: { id: newId(), ...unsaid, ...stay } };
}
