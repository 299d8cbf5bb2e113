import { describe, expect, test } from 'bun:test';
import { CloseCode } from '../protocol/codes.ts';
import { describeSocketClose, endOf, finalEndOf, SocketClosedError } from './close-reason.ts';
import { CallError } from './errors.ts';

describe('a socket that ends', () => {
  test('is final when the server does not want us back', () => {
    const reasons = [4400, 4401, 4403, 4404, 4409, 4429].map((code) => describeSocketClose(code).finalReason);
    expect(reasons).toEqual([
      'protocol-violation',
      'unauthenticated',
      'removed',
      'call-ended',
      'replaced',
      'flooding',
    ]);
  });

  test('is worth another attempt in all other cases', () => {
    for (const code of [1000, 1001, 1006, 1009, 1011, 1012, 4408]) {
      expect(describeSocketClose(code).finalReason).toBeUndefined();
    }
  });

  test('always has words for people', () => {
    for (const code of [...Object.values(CloseCode), 1006, 4999]) {
      expect(describeSocketClose(code).message).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('a failure to come back', () => {
  test('is final when the call refuses us, and not when the server only cannot right now', () => {
    expect(finalEndOf(new CallError('call_full', 'Full.'))).toMatchObject({
      reason: 'refused',
      error: 'call_full',
    });
    expect(finalEndOf(new SocketClosedError(describeSocketClose(4403)))?.reason).toBe('removed');
    for (const code of ['unreachable', 'timeout', 'unavailable', 'rate_limited', 'internal'] as const) {
      expect(finalEndOf(new CallError(code, 'Not now.'))).toBeUndefined();
    }
    expect(finalEndOf(new SocketClosedError(describeSocketClose(1012)))).toBeUndefined();
    expect(finalEndOf(new TypeError('fetch failed'))).toBeUndefined();
  });

  test('has a reason in every case when there is no other attempt', () => {
    expect(endOf(new CallError('unreachable', 'No.')).reason).toBe('unreachable');
    expect(endOf(new CallError('timeout', 'No.'))).toMatchObject({ reason: 'refused', error: 'timeout' });
    expect(endOf(new TypeError('fetch failed')).reason).toBe('unreachable');
  });
});
