import { expect, test } from 'bun:test';
import { type AppState, initialState, type ParticipantView } from '../state.ts';
import { peopleOf } from './people.ts';

const at = (second: number) => new Date(`2026-01-01T10:00:0${second}.000Z`);

function person(userId: string, patch: Partial<ParticipantView> = {}): ParticipantView {
  return { userId, name: userId, isConnected: true, handRaisedAt: null, tracks: [], ...patch };
}

function stateWith(participants: ParticipantView[], patch: Partial<AppState> = {}): AppState {
  return { ...initialState('room', 'Me'), userId: 'me', participants, ...patch };
}

test('raised hands come first, in the order in which they were raised; then we, then the others as they came', () => {
  const state = stateWith(
    [
      person('ann'),
      person('bob', { handRaisedAt: at(3) }),
      person('eve'),
      person('joe', { handRaisedAt: at(1) }),
    ],
    { handRaisedAt: at(2) },
  );
  expect(peopleOf(state).map(({ userId, handPlace }) => [userId, handPlace])).toEqual([
    ['joe', 1],
    ['me', 2],
    ['bob', 3],
    ['ann', null],
    ['eve', null],
  ]);
  expect(peopleOf(stateWith([person('ann')])).map(({ userId }) => userId)).toEqual(['me', 'ann']);
});

test('whoever has no microphone that is on is muted, and whose connection is lost is away', () => {
  const microphone = {
    trackId: 'a1',
    source: 'microphone',
    mediaTrack: null,
    isPaused: false,
    score: null,
    spatialLayer: null,
  } as const;
  const [, ann, bob, eve] = peopleOf(
    stateWith([
      person('ann', { tracks: [microphone] }),
      person('bob', { tracks: [{ ...microphone, isPaused: true }] }),
      person('eve', { isConnected: false }),
    ]),
  );
  expect([ann, bob, eve].map((one) => one?.isMuted)).toEqual([false, true, true]);
  expect([ann, bob, eve].map((one) => one?.isConnected)).toEqual([true, true, false]);
});
