import { expect, test } from 'bun:test';
import { Lobby } from './lobby.ts';

const ivan = { userId: 'ivan', name: 'Ivan' };

test('a guest waits until somebody decides, and everyone is told who waits', async () => {
  const lobby = new Lobby();
  const lists: string[][] = [];
  lobby.events.on('changed', (guests) => lists.push(guests.map(({ userId }) => userId)));
  const outcome = lobby.wait(ivan);
  expect(lobby.settle('ivan', 'admitted')).toBe(true);
  expect(await outcome).toBe('admitted');
  expect(lobby.settle('ivan', 'admitted')).toBe(false);
  expect(lists).toEqual([['ivan'], []]);
});

test('who comes to wait a second time waits once, and a lobby that closes lets nobody in', async () => {
  const lobby = new Lobby();
  const first = lobby.wait(ivan);
  const second = lobby.wait(ivan);
  expect(await first).toBe('gone');
  expect(lobby.guests).toEqual([ivan]);
  lobby.close();
  expect(await second).toBe('gone');
  expect(lobby.guests).toEqual([]);
});
