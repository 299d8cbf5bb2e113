import { describe, expect, test } from 'bun:test';
import type { Grant, Identity, Role } from './identity.ts';
import { isSameOrNarrower } from './narrowing.ts';

function identity(roles: Role[], grants?: Record<string, Grant>, userId = 'alice'): Identity {
  return {
    userId,
    name: userId,
    roles: new Set(roles),
    grants: grants && new Map(Object.entries(grants)),
    expiresAt: new Date(0),
  };
}

describe('the same rights or fewer', () => {
  test('are those of the same token with another end or name', () => {
    for (const old of [
      identity([]),
      identity(['host', 'service']),
      identity(['admin'], { a: { data: true } }),
    ]) {
      expect(isSameOrNarrower(old, { ...old, name: 'Alice', expiresAt: new Date(9e12) })).toBe(true);
    }
  });

  test('are never those of another user', () => {
    expect(isSameOrNarrower(identity(['admin']), identity([], undefined, 'bob'))).toBe(false);
  });

  test('by roles: a role covers itself and what it includes', () => {
    const cases: [Role[], Role[], boolean][] = [
      [['participant'], [], true],
      [['host', 'participant'], ['host'], true],
      [['host'], ['participant'], true],
      [['participant'], ['viewer'], true],
      [['admin'], ['host', 'service', 'viewer'], true],
      [['participant'], ['host'], false],
      [['viewer'], ['participant'], false],
      [['host'], ['admin'], false],
      [['host'], ['host', 'service'], false],
      [['service'], ['viewer'], false],
      [[], ['viewer'], false],
    ];
    for (const [old, next, expected] of cases) {
      expect([old, next, isSameOrNarrower(identity(old), identity(next))]).toEqual([old, next, expected]);
    }
  });

  test('by grants: no other call, no right that was not named', () => {
    const old = {
      a: { publish: ['microphone', 'camera'], subscribe: true, moderate: false },
      b: {},
    } satisfies Record<string, Grant>;
    const cases: [Record<string, Grant> | undefined, boolean][] = [
      [{}, true],
      [{ a: {} }, true],
      [{ a: { publish: ['camera'], subscribe: true }, b: { data: false } }, true],
      [{ a: { publish: [], moderate: false } }, true],
      [{ a: { publish: ['screen'] } }, false],
      [{ a: { moderate: true } }, false],
      [{ b: { subscribe: true } }, false],
      [{ b: { publish: ['camera'] } }, false],
      [{ a: {}, c: {} }, false],
      [undefined, false],
    ];
    for (const [next, expected] of cases) {
      expect([next, isSameOrNarrower(identity([], old), identity([], next))]).toEqual([next, expected]);
    }
  });

  test('grants do not follow roles, but for an admin, who may do all of it; none at all always do', () => {
    const grants = { a: { moderate: true } };
    expect(isSameOrNarrower(identity(['admin']), identity(['admin'], grants))).toBe(true);
    expect(isSameOrNarrower(identity(['host']), identity(['host'], grants))).toBe(false);
    expect(isSameOrNarrower(identity(['host']), identity([], { a: {} }))).toBe(false);
    expect(isSameOrNarrower(identity(['host']), identity(['host'], {}))).toBe(true);
    expect(isSameOrNarrower(identity(['admin'], grants), identity(['admin']))).toBe(false);
    expect(isSameOrNarrower(identity(['admin'], {}), identity(['admin'], grants))).toBe(false);
  });

  test('grants and roles are compared both', () => {
    expect(isSameOrNarrower(identity(['viewer'], { a: {} }), identity(['admin'], { a: {} }))).toBe(false);
  });
});
