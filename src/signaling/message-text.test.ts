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

test('what a room routes is turned into JSON once for all who join', () => {
  let times = 0;
  const routerRtpCapabilities = {
    toJSON: () => {
      times += 1;
      return { codecs: [] };
    },
  };
  for (const name of ['Ann', 'Bob']) {
    const data = { ...eventExamples.joined, name, routerRtpCapabilities: routerRtpCapabilities as never };
    const said = JSON.parse(toText({ type: 'joined', roomId: 'room', seq: 1, data }));
    expect(said.data).toEqual({ ...eventExamples.joined, name, routerRtpCapabilities: { codecs: [] } });
  }
  expect(times).toBe(1);
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
