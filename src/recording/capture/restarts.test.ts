import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { Restarts } from './restarts.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function watched() {
  const heard: string[] = [];
  const restarts = new Restarts({
    onDue: () => heard.push('due'),
    onHopeless: () => heard.push('hopeless'),
    onSteady: () => heard.push('steady'),
  });
  return { heard, restarts };
}

test('it is tried at once, then slower each time and at least every five seconds, and told of once', () => {
  const { heard, restarts } = watched();
  for (const delayMs of [0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
    restarts.noteFailure();
    jest.advanceTimersByTime(Math.max(0, delayMs - 1));
    expect(heard.at(-1)).not.toBe(delayMs > 0 ? 'due' : '');
    jest.advanceTimersByTime(2);
    expect(heard.at(-1)).toBe('due');
    // It runs for a moment, which is not enough.
    restarts.noteSuccess();
    heard.push('again');
  }
  expect(heard.filter((what) => what === 'hopeless')).toHaveLength(1);
  restarts.close();
});

test('what has lived for ten seconds is told to be well, and fails for the first time again', () => {
  const { heard, restarts } = watched();
  for (let count = 0; count < 4; count += 1) restarts.noteFailure();
  jest.advanceTimersByTime(5_000);
  restarts.noteSuccess();
  jest.advanceTimersByTime(10_000);
  expect(heard).toEqual(['hopeless', 'due', 'steady']);
  restarts.noteFailure();
  jest.advanceTimersByTime(1);
  expect(heard.at(-1)).toBe('due');
  restarts.close();
});

test('nothing is due after the end', () => {
  const { heard, restarts } = watched();
  restarts.noteFailure();
  restarts.close();
  restarts.noteFailure();
  restarts.noteSuccess();
  jest.advanceTimersByTime(60_000);
  expect(heard).toEqual([]);
});
