import { describe, expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { KeyedQueue } from './keyed-queue.ts';

describe('KeyedQueue', () => {
  test('serialises one key, does not make another wait, and forgets idle keys', async () => {
    const queues = new KeyedQueue<string>();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const slow = queues.run('a', async () => {
      await gate.promise;
      order.push('a1');
    });
    const after = queues.run('a', () => order.push('a2'));
    await queues.run('b', () => order.push('b1'));
    gate.resolve();
    await Promise.all([slow, after]);
    expect(order).toEqual(['b1', 'a1', 'a2']);
    expect(queues.size).toBe(0);
  });

  test('a failing task frees its key', async () => {
    const queues = new KeyedQueue<string>();
    expect(await failureOf(queues.run('a', () => Promise.reject(new Error('broken'))))).toMatchObject({
      message: 'broken',
    });
    expect(await queues.run('a', () => 2)).toBe(2);
    await queues.idle();
    expect(queues.size).toBe(0);
  });
});
