import { expect, test } from 'bun:test';
import { withoutSignalListeners } from './own-signals.ts';

test('removes the listeners that were added, and only those', () => {
  const ours = () => {};
  process.on('SIGTERM', ours);
  try {
    const result = withoutSignalListeners(() => {
      process.once('SIGTERM', () => {});
      process.once('SIGINT', () => {});
      return 'started';
    });
    expect(result).toBe('started');
    expect(process.listeners('SIGTERM')).toEqual([ours]);
    expect(process.listenerCount('SIGINT')).toBe(0);
  } finally {
    process.off('SIGTERM', ours);
  }
});
