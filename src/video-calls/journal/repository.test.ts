import { expect, test } from 'bun:test';
import { describeOnEachDatabase } from '../../../test/support/databases.ts';
import { failureOf } from '../../../test/support/failure.ts';
import { newId } from '../../lib/index.ts';
import { CallRepository } from '../repository.ts';
import type { JournalEntry, NewStay, StayEnd } from './entry.ts';
import { JournalRepository } from './repository.ts';

const JOINED_AT = new Date('2030-01-01T00:00:00.123Z');
const LEFT_AT = new Date('2030-01-01T00:10:00.456Z');

describeOnEachDatabase('JournalRepository', (open) => {
  const create = async () => {
    const { orm } = await open();
    return { calls: new CallRepository(orm), journals: new JournalRepository(orm) };
  };

  test('writes a whole call at once, as it would have been written step by step', async () => {
    const { calls, journals } = await create();
    const callId = newId();
    const stay = newStay({ callId, name: 'Zoë "quoted" \\ 👋', metadata: { deep: [1, { a: null }] } });
    await journals.write([
      newCall(callId, 'whole', ['ann', 'b,ob']),
      { kind: 'activation', callId, startedAt: JOINED_AT },
      { kind: 'stay', row: stay },
      { kind: 'stay-end', end: endOf(stay) },
      { kind: 'call-end', callId, reason: 'empty', endedAt: LEFT_AT },
    ]);
    expect(await calls.findNewest('whole')).toMatchObject({
      id: callId,
      invited: ['ann', 'b,ob'],
      status: 'ended',
      startedAt: JOINED_AT,
      endedAt: LEFT_AT,
    });
    expect(await calls.findStays(callId)).toEqual([{ ...stay, ...endOf(stay) }]);
  });

  test('leaves what is written already as it is', async () => {
    const { calls, journals } = await create();
    const callId = newId();
    const stay = newStay({ callId });
    const entries: JournalEntry[] = [
      newCall(callId, 'twice'),
      { kind: 'stay', row: stay },
      { kind: 'stay-end', end: endOf(stay) },
    ];
    await journals.write(entries);
    await journals.write(entries);
    await journals.write([{ kind: 'stay-end', end: { ...endOf(stay), chatMessages: 99 } }]);
    expect(await calls.findStays(callId)).toMatchObject([{ chatMessages: 2 }]);
  });

  test('the end of the call ends whoever is still there, and not again who had left', async () => {
    const { calls, journals } = await create();
    const callId = newId();
    const [gone, present] = [newStay({ callId }), newStay({ callId, userId: 'present' })];
    await journals.write([
      newCall(callId, 'ending'),
      { kind: 'stay', row: gone },
      { kind: 'stay', row: present },
      { kind: 'stay-end', end: endOf(gone) },
    ]);
    await journals.write([{ kind: 'call-end', callId, reason: 'empty', endedAt: JOINED_AT }]);
    const stays = await calls.findStays(callId);
    expect(stays.map(({ userId, leaveReason }) => [userId, leaveReason]).sort()).toEqual([
      ['ann', 'left'],
      ['present', 'call-ended'],
    ]);
  });

  test('writes nothing of what cannot be written as a whole', async () => {
    const { calls, journals } = await create();
    const callId = newId();
    const homeless = newStay({ callId: newId() });
    expect(
      await failureOf(journals.write([newCall(callId, 'half'), { kind: 'stay', row: homeless }])),
    ).toBeInstanceOf(Error);
    expect(await calls.findNewest('half')).toBeUndefined();
  });
});

function newCall(id: string, roomId: string, invited: string[] = []): JournalEntry {
  return { kind: 'call', row: { id, roomId, invited, access: 'open' } };
}

function newStay(stay: Pick<NewStay, 'callId'> & Partial<NewStay>): NewStay {
  return {
    id: newId(),
    userId: 'ann',
    name: 'Ann',
    role: 'host',
    hidden: false,
    metadata: {},
    joinedAt: JOINED_AT,
    ...stay,
  };
}

function endOf({ id, callId }: NewStay): StayEnd {
  return {
    id,
    callId,
    leaveReason: 'left',
    leftAt: LEFT_AT,
    talkTimeMs: 5,
    chatMessages: 2,
    bytesReceived: 2 ** 40,
    bytesSent: 7,
    averageScore: 9.5,
    reconnects: 1,
  };
}
