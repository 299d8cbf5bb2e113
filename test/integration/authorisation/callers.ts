/** Everyone who may knock: each kind of token there is, made for one call of `owner`, who invited `guest`. */
import { type Grant, ResumeTokens, type Role, Tokens } from '../../../src/auth/index.ts';
import { JWT_SECRET } from '../../support/server.ts';

const LIFETIME_SECONDS = 600;
const tokens = new Tokens(JWT_SECRET);

const GRANTS = {
  'grant nothing': {},
  'grant publish': { publish: ['microphone', 'camera', 'screen'] },
  'grant subscribe': { subscribe: true },
  'grant data': { data: true },
  'grant record': { record: true },
  'grant moderate': { moderate: true },
  'grant hidden': { subscribe: true, hidden: true },
  'grant phone': { phone: true },
} as const satisfies Record<string, Grant>;

const PEOPLE = {
  admin: { userId: 'root', roles: ['admin'] },
  owner: { userId: 'owner', roles: ['host'] },
  'owner without roles': { userId: 'owner', roles: [] },
  'host of other calls': { userId: 'other-host', roles: ['host'] },
  participant: { userId: 'stranger', roles: ['participant'] },
  viewer: { userId: 'watcher', roles: ['viewer'] },
  'invited participant': { userId: 'guest', roles: ['participant'] },
  'invited viewer': { userId: 'guest', roles: ['viewer'] },
  service: { userId: 'machine', roles: ['service'] },
  'no roles': { userId: 'nobody', roles: [] },
} as const satisfies Record<string, { userId: string; roles: readonly Role[] }>;

type PersonName = keyof typeof PEOPLE;
type GrantName = keyof typeof GRANTS;
/** A token with grants says nothing about other calls, whatever roles stand beside them. */
export type CallerName =
  | PersonName
  | GrantName
  | 'grants of another call'
  | 'admin with grants of another call';

export const CALLER_NAMES: readonly CallerName[] = [
  ...(Object.keys(PEOPLE) as PersonName[]),
  ...(Object.keys(GRANTS) as GrantName[]),
  'grants of another call',
  'admin with grants of another call',
];

export function isPerson(name: CallerName): name is PersonName {
  return name in PEOPLE;
}

export function grantOf(name: CallerName): Grant | undefined {
  return name in GRANTS ? GRANTS[name as GrantName] : undefined;
}

/** A valid token of this caller for a call of `owner`. */
export async function tokenOf(name: CallerName, roomId: string): Promise<string> {
  const issue = async (request: {
    userId: string;
    roles?: readonly Role[];
    grants?: Record<string, Grant>;
  }) => (await tokens.issue({ ...request, lifetimeSeconds: LIFETIME_SECONDS })).token;
  if (isPerson(name)) return issue(PEOPLE[name]);
  const grant = grantOf(name);
  if (grant) return issue({ userId: 'bearer', grants: { [roomId]: grant } });
  const grants = { 'another-call': { publish: ['microphone' as const], moderate: true, subscribe: true } };
  return issue(
    name === 'grants of another call'
      ? { userId: 'bearer', grants }
      : { userId: 'root', roles: ['admin'], grants },
  );
}

/** What is no token, or one that must not be believed; each would be an admin's if it were. */
export async function badTokens(roomId: string): Promise<Record<string, string | undefined>> {
  const admin = { userId: 'root', roles: ['admin' as const] };
  const good = (await tokens.issue({ ...admin, lifetimeSeconds: LIFETIME_SECONDS })).token;
  const [head = '', claims = '', signature = ''] = good.split('.');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), iss: 'somebody' };
  return {
    'no token': undefined,
    'an expired one': (await tokens.issue({ ...admin, lifetimeSeconds: -60 })).token,
    'one of another secret': (
      await new Tokens('another-secret-that-is-long-enough-too').issue({ ...admin, lifetimeSeconds: 60 })
    ).token,
    'one without a signature': `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    'one whose claims were changed': `${head}.${encode({ ...changed, iss: 'kaa', sub: 'owner' })}.${signature}`,
    'one of another issuer': `${head}.${encode(changed)}.${signature}`,
    'a resume token': await new ResumeTokens(JWT_SECRET).issue({
      sub: 'owner',
      roomId,
      callId: crypto.randomUUID(),
      participantId: crypto.randomUUID(),
      name: 'Owner',
    }),
  };
}
