import { describe, expect, test } from 'bun:test';
import type { Grant, Identity, Role } from './identity.ts';
import {
  type CallFacts,
  mayCreateCalls,
  mayJoin,
  mayManage,
  mayModerate,
  maySee,
  missingRights,
  participantGrant,
  permissionsIn,
  permissionsToGive,
  seesAllCalls,
  seesHidden,
} from './permissions.ts';

const call: CallFacts = { roomId: 'standup', createdBy: 'hanna', access: 'open', invited: ['ivan'] };
const closed: CallFacts = { ...call, access: 'invited' };

function user(userId: string, ...roles: Role[]): Identity {
  return { userId, name: userId, roles: new Set(roles), grants: undefined, expiresAt: new Date(0) };
}

function granted(grants: Record<string, Grant>, ...roles: Role[]): Identity {
  return { ...user('guest', ...roles), grants: new Map(Object.entries(grants)) };
}

describe('joining', () => {
  test('an open call takes everyone with a role, an invited one only its host, its guests and admins', () => {
    expect(mayJoin(user('paul', 'participant'), call)).toBe(true);
    expect(mayJoin(user('vera', 'viewer'), call)).toBe(true);
    expect(mayJoin(user('nora'), call)).toBe(false);
    expect(mayJoin(user('paul', 'participant'), closed)).toBe(false);
    expect(mayJoin(user('ivan', 'participant'), closed)).toBe(true);
    expect(mayJoin(user('hanna', 'host'), closed)).toBe(true);
    expect(mayJoin(user('root', 'admin'), closed)).toBe(true);
  });

  test('grants let into the calls that they name and into no other, whatever the roles say', () => {
    expect(mayJoin(granted({ standup: {} }), closed)).toBe(true);
    expect(mayJoin(granted({ other: {} }, 'admin'), call)).toBe(false);
    expect(mayJoin(granted({}, 'admin'), call)).toBe(false);
  });
});

describe('permissions in a call', () => {
  test('the host of the call and admins may do everything, but are not hidden', () => {
    for (const identity of [user('hanna', 'participant'), user('root', 'admin')]) {
      expect(permissionsIn(identity, call)).toMatchObject({ moderate: true, record: true, hidden: false });
    }
  });

  test('the role host gives nothing more in the calls of others', () => {
    expect(permissionsIn(user('otto', 'host'), call)).toEqual(
      permissionsIn(user('paul', 'participant'), call),
    );
    expect(permissionsIn(user('otto', 'host'), call)).toMatchObject({ moderate: false, record: false });
  });

  test('a viewer only subscribes', () => {
    expect(permissionsIn(user('vera', 'viewer'), call)).toMatchObject({
      publish: [],
      subscribe: true,
      data: false,
    });
  });

  test('a grant gives what it names, and narrows an admin too', () => {
    const identity = granted({ standup: { publish: ['microphone'], subscribe: true } }, 'admin');
    expect(permissionsIn(identity, call)).toEqual({
      publish: ['microphone'],
      subscribe: true,
      data: false,
      record: false,
      moderate: false,
      hidden: false,
      phone: false,
    });
  });
});

describe('moderating and inviting', () => {
  test('the host, admins and who has the grant moderate; others, and grants of other calls, do not', () => {
    expect(mayModerate(user('hanna', 'participant'), closed)).toBe(true);
    expect(mayModerate(user('root', 'admin'), closed)).toBe(true);
    expect(mayModerate(granted({ standup: { moderate: true } }), closed)).toBe(true);
    expect(mayModerate(user('otto', 'host'), call)).toBe(false);
    expect(mayModerate(user('ivan', 'participant'), call)).toBe(false);
    expect(mayModerate(granted({ standup: { publish: ['camera'] } }, 'admin'), call)).toBe(false);
    expect(mayModerate(granted({ other: { moderate: true } }, 'admin'), call)).toBe(false);
  });

  test('nobody gives what they have not; the host and admins may let somebody watch unseen', () => {
    const host = permissionsToGive(user('hanna'), call);
    expect(missingRights({ publish: ['screen'], moderate: true, hidden: true, phone: true }, host)).toEqual(
      [],
    );
    const deputy = permissionsToGive(
      granted({ standup: { publish: ['microphone'], moderate: true } }, 'admin'),
      call,
    );
    const wanted = { publish: ['microphone', 'camera'], data: true, moderate: true, hidden: true } as const;
    expect(missingRights({ ...wanted, publish: [...wanted.publish] }, deputy)).toEqual([
      'publish camera',
      'data',
      'hidden',
    ]);
    expect(missingRights({ data: false }, deputy)).toEqual([]);
  });

  test('who is given nothing in particular gets what a participant has, as far as the giver has it', () => {
    const { publish, subscribe, data } = permissionsIn(user('paul', 'participant'), call);
    expect(participantGrant(permissionsToGive(user('hanna'), call))).toEqual({ publish, subscribe, data });
    const deputy = granted({ standup: { publish: ['microphone'], subscribe: true, moderate: true } });
    expect(participantGrant(permissionsToGive(deputy, call))).toEqual({
      publish: ['microphone'],
      subscribe: true,
      data: false,
    });
  });
});

describe('outside of a call', () => {
  test('a token with grants may not create, list all or manage', () => {
    const identity = granted({ standup: { moderate: true } }, 'admin', 'host');
    expect(mayCreateCalls(identity)).toBe(false);
    expect(seesAllCalls(identity)).toBe(false);
    expect(seesHidden(identity)).toBe(false);
    expect(seesHidden(user('root', 'admin'))).toBe(true);
    expect(seesHidden(user('hanna', 'host'))).toBe(false);
    expect(mayManage(identity, call)).toBe(false);
    expect(maySee(identity, call, false)).toBe(true);
    expect(maySee(granted({ other: {} }, 'admin'), call, true)).toBe(false);
  });

  test('strangers do not see a call; its host, guests, admins and who took part do', () => {
    expect(maySee(user('paul', 'participant'), call, false)).toBe(false);
    expect(maySee(user('paul', 'participant'), call, true)).toBe(true);
    expect(maySee(user('ivan', 'participant'), call, false)).toBe(true);
    expect(mayManage(user('ivan', 'participant'), call)).toBe(false);
    expect(mayManage(user('hanna'), call)).toBe(true);
    expect(mayCreateCalls(user('vera', 'viewer'))).toBe(false);
  });
});
