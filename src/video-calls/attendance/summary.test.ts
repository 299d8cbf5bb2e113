import { expect, test } from 'bun:test';
import { type SummarizedStay, summarize } from './summary.ts';

const at = (seconds: number) => new Date(seconds * 1_000);

function stay(
  userId: string,
  from: number,
  to: number | null,
  totals: Partial<SummarizedStay> = {},
): SummarizedStay {
  return {
    userId,
    name: userId,
    joinedAt: at(from),
    leftAt: to === null ? null : at(to),
    talkTimeMs: 0,
    chatMessages: 0,
    bytesReceived: 0,
    bytesSent: 0,
    averageScore: null,
    reconnects: 0,
    ...totals,
  };
}

test('comings, goings, returns and the most at once are counted', () => {
  const stays = [
    stay('alice', 0, 10),
    stay('bob', 5, 20),
    stay('alice', 10, null, { reconnects: 2 }),
    stay('carol', 20, null),
  ];
  expect(summarize(stays, at(30))).toMatchObject({
    joined: 4,
    left: 2,
    reconnects: 3,
    participants: { total: 3, peak: 2 },
    presentMs: 55_000,
    users: [
      { userId: 'alice', stays: 2, presentMs: 30_000 },
      { userId: 'bob', stays: 1, presentMs: 15_000 },
      { userId: 'carol', stays: 1, presentMs: 10_000 },
    ],
  });
});

test('totals add up by user and by call; a score weighs as long as its stay, and none is no zero', () => {
  const stays = [
    stay('alice', 0, 30, {
      talkTimeMs: 500,
      chatMessages: 2,
      bytesReceived: 10,
      bytesSent: 1,
      averageScore: 10,
    }),
    stay('alice', 40, 50, {
      talkTimeMs: 100,
      chatMessages: 1,
      bytesReceived: 5,
      bytesSent: 2,
      averageScore: 6,
    }),
    stay('bob', 0, 100),
  ];
  const summary = summarize(stays, at(100));
  expect(summary).toMatchObject({
    talkTimeMs: 600,
    chatMessages: 3,
    bytesReceived: 15,
    bytesSent: 3,
    averageScore: 9,
  });
  expect(summary.users[0]).toMatchObject({ talkTimeMs: 600, averageScore: 9 });
  expect(summary.users[1]).toMatchObject({ averageScore: null });
});

test('a call into which nobody came has nothing', () => {
  expect(summarize([], at(0))).toMatchObject({
    joined: 0,
    participants: { total: 0, peak: 0 },
    averageScore: null,
  });
});
