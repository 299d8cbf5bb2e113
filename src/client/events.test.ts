import { expect, mock, spyOn, test } from 'bun:test';
import { Emitter } from './events.ts';

test('a listener that stopped listening hears nothing, and stopping twice is no error', () => {
  const emitter = new Emitter<{ told: string }>();
  const listener = mock((_: string) => undefined);
  const stop = emitter.on('told', listener);
  emitter.emit('told', 'once');
  stop();
  stop();
  emitter.emit('told', 'twice');
  expect(listener.mock.calls).toEqual([['once']]);
});

test('a listener that throws is reported, and the others still hear', () => {
  const report = spyOn(globalThis, 'reportError').mockImplementation(() => undefined);
  const emitter = new Emitter<{ told: number }>();
  const heard: number[] = [];
  emitter.on('told', () => {
    throw new Error('careless');
  });
  emitter.on('told', (value) => heard.push(value));
  emitter.emit('told', 7);
  expect(heard).toEqual([7]);
  expect(report).toHaveBeenCalledTimes(1);
  report.mockRestore();
});
