import { describe, expect, test } from 'bun:test';
import { Emitter } from './emitter.ts';

interface Events extends Record<string, unknown> {
  moved: number;
}

describe('Emitter', () => {
  test('calls listeners in the order in which they were added', () => {
    const emitter = new Emitter<Events>();
    const calls: string[] = [];
    emitter.on('moved', (by) => calls.push(`a${by}`));
    emitter.on('moved', (by) => calls.push(`b${by}`));
    emitter.emit('moved', 1);
    expect(calls).toEqual(['a1', 'b1']);
  });

  test('a listener that throws is reported and the next one still runs', () => {
    const errors: unknown[] = [];
    const emitter = new Emitter<Events>((error) => errors.push(error));
    let reached = false;
    emitter.on('moved', () => {
      throw new Error('broken');
    });
    emitter.on('moved', () => {
      reached = true;
    });
    emitter.emit('moved', 1);
    expect(reached).toBe(true);
    expect(errors).toHaveLength(1);
  });

  test('a listener removed by an earlier one is not called any more', () => {
    const emitter = new Emitter<Events>();
    let calls = 0;
    const stop: { second?: () => void } = {};
    emitter.on('moved', () => stop.second?.());
    stop.second = emitter.on('moved', () => {
      calls += 1;
    });
    emitter.emit('moved', 1);
    expect(calls).toBe(0);
  });

  test('the same function added twice is two listeners, each with its own way out', () => {
    const emitter = new Emitter<Events>();
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    const stop = emitter.on('moved', listener);
    emitter.on('moved', listener);
    stop();
    stop();
    emitter.emit('moved', 1);
    expect(calls).toBe(1);
    expect(emitter.listenerCount).toBe(1);
    emitter.removeAll();
    expect(emitter.listenerCount).toBe(0);
  });
});
