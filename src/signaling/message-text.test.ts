import { expect, test } from 'bun:test';
import { eventExamples } from '../protocol/index.ts';
import { toText } from './message-text.ts';

test('is what JSON says, however often the same data is said and with whatever around it', () => {
  const data = eventExamples['participant-joined'];
  for (const seq of [1, 2]) {
    const message = { type: 'participant-joined', roomId: 'a "room"', seq, data } as const;
    expect(JSON.parse(toText(message))).toEqual(message);
  }
  const response = { type: 'response', id: '7', ok: true, data: {} } as const;
  expect(JSON.parse(toText(response))).toEqual(response);
  const error = { type: 'error', error: { code: 'internal', message: 'x' } } as const;
  expect(JSON.parse(toText(error))).toEqual(error);
});

test('data is turned into JSON once', () => {
  let times = 0;
  const data = {
    toJSON: () => {
      times += 1;
      return { userId: null };
    },
  };
  for (const seq of [1, 2, 3]) toText({ type: 'active-speaker', seq, data: data as never });
  expect(times).toBe(1);
});
