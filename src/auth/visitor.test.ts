import { expect, test } from 'bun:test';
import { identityOf } from './visitor.ts';

test('a visitor is a participant until something else is said', () => {
  const identity = identityOf({ userId: 'alice' });
  expect(identity).toMatchObject({ userId: 'alice', name: 'alice', grants: undefined });
  expect([...identity.roles]).toEqual(['participant']);
  expect(identity.expiresAt.getUTCFullYear()).toBe(9999);
});

test('grants bring no role with them', () => {
  const identity = identityOf({ userId: 'alice', grants: { standup: { subscribe: true } } });
  expect([...identity.roles]).toEqual([]);
  expect(identity.grants?.get('standup')).toEqual({ subscribe: true });
});

test('the end of a visit is kept', () => {
  const expiresAt = new Date('2030-01-01T00:00:00.500Z');
  expect(identityOf({ userId: 'alice', expiresAt }).expiresAt).toEqual(expiresAt);
});

test.each([
  ['a user id that no token could have', { userId: 'a b' }],
  ['no user id', { userId: undefined as unknown as string }],
  ['a reserved user id', { userId: 'sfu' }],
  ['a role that there is not', { userId: 'alice', roles: ['root' as 'admin'] }],
  ['a name that cannot be stored', { userId: 'alice', name: 'a\0b' }],
  ['an end that is no date', { userId: 'alice', expiresAt: new Date(Number.NaN) }],
])('%s is refused', (_what, visitor) => {
  expect(() => identityOf(visitor)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
});
