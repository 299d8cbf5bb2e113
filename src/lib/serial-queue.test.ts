import { describe, expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { QueueClosedError, SerialQueue } from './serial-queue.ts';

describe('SerialQueue', () => {
  test('runs tasks one at a time in their order', async () => {
    const queue = new SerialQueue();
    const gate = Promise.withResolvers<void>();
    const order: number[] = [];
    const first = queue.run(async () => {
      await gate.promise;
      order.push(1);
    });
    const second = queue.run(() => order.push(2));
    expect(queue.pending).toBe(2);
    gate.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual([1, 2]);
  });

  test('a failing task rejects its caller and lets the next one run', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(() => 'fine');
    expect(await failureOf(failing)).toMatchObject({ message: 'broken' });
    expect(await next).toBe('fine');
    await queue.idle();
    expect(queue.pending).toBe(0);
  });

  test('closing waits for the running task and rejects those that wait', async () => {
    const queue = new SerialQueue();
    const gate = Promise.withResolvers<void>();
    let isDone = false;
    const running = queue.run(async () => {
      await gate.promise;
      isDone = true;
    });
    const waiting = queue.run(() => 'never');
    await Promise.resolve();
    await Promise.resolve();
    const closed = queue.close();
    gate.resolve();
    await closed;
    expect(isDone).toBe(true);
    await running;
    expect(await failureOf(waiting)).toBeInstanceOf(QueueClosedError);
    expect(await failureOf(queue.run(() => 1))).toBeInstanceOf(QueueClosedError);
  });
});
