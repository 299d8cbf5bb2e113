import { describe, expect, test } from 'bun:test';
import { type PhoneCallState, type PhoneCallStep, transition } from './status.ts';

const NEW: PhoneCallState = {
  status: 'initialized',
  answeredAt: null,
  endTime: null,
  duration: 0,
  endReason: null,
};
const at = (seconds: number) => new Date(1_000_000_000_000 + seconds * 1_000);

/** Where the steps lead, and how many of them changed something. */
function follow(...steps: PhoneCallStep[]): PhoneCallState & { changes: number } {
  let state = NEW;
  let changes = 0;
  for (const step of steps) {
    const next = transition(state, step);
    if (next) changes += 1;
    state = next ?? state;
  }
  return { ...state, changes };
}

const taken: PhoneCallStep = { type: 'taken' };
const answered: PhoneCallStep = { type: 'answered', at: at(10) };
const hungUp: PhoneCallStep = { type: 'ended', at: at(75), reason: 'callee-hung-up' };

describe('a phone call', () => {
  test('is completed, with the time from the answer on', () => {
    expect(follow(taken, answered, hungUp)).toMatchObject({
      status: 'completed',
      duration: 65,
      answeredAt: at(10),
      endTime: at(75),
      endReason: 'callee-hung-up',
    });
  });

  test.each(['busy', 'no-answer', 'rejected', 'failed'] as const)(
    'that nobody answers (%s) has failed, and lasted 0 s',
    (reason) => {
      const ended: PhoneCallStep = { type: 'ended', at: at(20), reason };
      expect(follow(taken, ended)).toMatchObject({ status: 'failed', duration: 0, endReason: reason });
    },
  );

  test('that its caller ends before the answer is completed, and lasted 0 s', () => {
    const ended: PhoneCallStep = { type: 'ended', at: at(20), reason: 'caller-hung-up' };
    expect(follow(taken, ended)).toMatchObject({ status: 'completed', duration: 0, answeredAt: null });
  });

  test('changes nothing when something is told twice, or after the end', () => {
    expect(follow(taken, taken, answered, answered, hungUp, hungUp, answered, taken).changes).toBe(3);
  });

  test('is active when its answer is told before its dialling', () => {
    expect(follow(answered, taken)).toMatchObject({ status: 'active', changes: 1 });
  });

  test('of which only the end is told has the duration that the provider says, and was answered', () => {
    const ended: PhoneCallStep = { type: 'ended', at: at(75), reason: 'callee-hung-up', durationSeconds: 30 };
    expect(follow(taken, ended)).toMatchObject({ status: 'completed', duration: 30, answeredAt: at(45) });
  });

  test('ends with what the provider says of its duration, whatever our clock says', () => {
    expect(follow(taken, answered, { ...hungUp, durationSeconds: 61 } as PhoneCallStep).duration).toBe(61);
  });
});
