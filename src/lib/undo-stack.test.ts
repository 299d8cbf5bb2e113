import { describe, expect, test } from 'bun:test';
import { UndoStack } from './undo-stack.ts';

describe('UndoStack', () => {
  test('undoes the last step first and goes on after a failure', async () => {
    const order: string[] = [];
    const undo = new UndoStack();
    undo.add('first', (value) => order.push(value));
    undo.add('second', () => Promise.reject(new Error('stuck')));
    undo.add('third', async (value) => order.push(value));
    const failure = await undo.unwind().catch((error: unknown) => error);
    expect(order).toEqual(['third', 'first']);
    expect(failure).toBeInstanceOf(AggregateError);
    await undo.unwind();
    expect(order).toHaveLength(2);
  });
});
