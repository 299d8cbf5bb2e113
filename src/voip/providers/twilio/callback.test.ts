import { expect, test } from 'bun:test';
import { readCallback } from './callback.ts';

const NOW = new Date('2026-01-01T10:00:00Z');
const read = (fields: Record<string, string>) => readCallback(fields, NOW);

test('what is on its way is no news', () => {
  expect(read({ CallStatus: 'queued' })).toBeUndefined();
  expect(read({ CallStatus: 'initiated' })).toBeUndefined();
  expect(read({})).toBeUndefined();
});

test('an answer has the time of the network, unless that is off', () => {
  const at = 'Thu, 01 Jan 2026 09:59:58 +0000';
  expect(read({ CallStatus: 'in-progress', Timestamp: at })).toEqual({ state: 'answered', at: new Date(at) });
  expect(read({ CallStatus: 'in-progress', Timestamp: 'Thu, 01 Jan 1970 00:00:00 +0000' })).toEqual({
    state: 'answered',
    at: NOW,
  });
});

test('an end has its reason, and of a call that was answered its duration', () => {
  const ended = { state: 'ended', at: NOW };
  expect(read({ CallStatus: 'completed', CallDuration: '65' })).toEqual({
    ...ended,
    reason: 'hung-up',
    durationSeconds: 65,
  } as never);
  for (const nonsense of ['99999999999', '-1', '12x'])
    expect(read({ CallStatus: 'completed', CallDuration: nonsense })).toEqual({
      ...ended,
      reason: 'hung-up',
    } as never);
  for (const reason of ['busy', 'no-answer', 'canceled', 'failed'])
    expect(read({ CallStatus: reason, CallDuration: '0' })).toEqual({ ...ended, reason } as never);
  expect(read({ CallStatus: 'failed', SipResponseCode: '603' })).toEqual({
    ...ended,
    reason: 'rejected',
  } as never);
});
