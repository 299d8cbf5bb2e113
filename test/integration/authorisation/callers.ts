/** Everybody who may ask for something: what they have to do with the call, and the token that they show. */
import { SignJWT } from 'jose';
import { type Grant, type Role, Tokens } from '../../../src/auth/index.ts';
import { JWT_SECRET, type TestServer } from '../../support/server.ts';
import { SignalingClient } from '../../support/signaling-client.ts';

/** The user whom every caller of the table is; what differs is the token and the call. */
export const CALLER_ID = 'carol';
export const HOST_ID = 'hanna';

export interface Caller {
  /** Default: `open`. */
  readonly access?: 'invited';
  /** The caller made the call, with a token of this role; otherwise the host did. */
  readonly madeAs?: Role;
  /** The caller made an earlier call of the same room id, which has ended. */
  readonly isFormerHost?: true;
  readonly isInvited?: true;
  /** The caller was in the call before, with a token of this role. */
  readonly wasInAs?: Role;
  readonly token: (place: Place) => Promise<string | undefined>;
}

/** Where the caller goes: the call is there already. */
export interface Place {
  readonly server: TestServer;
  readonly roomId: string;
}

/** A call that only those see who have something to do with it. */
const CLOSED = { access: 'invited' } as const;
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;

export const callers = {
  // Without a token that holds.
  'no token': { token: async () => undefined },
  'expired token': {
    madeAs: 'host',
    token: async () =>
      (await new Tokens(JWT_SECRET).issue({ userId: CALLER_ID, roles: ['admin'], lifetimeSeconds: -60 }))
        .token,
  },
  'token of another issuer': { madeAs: 'host', token: () => sign({ iss: 'https://login.example.com/' }) },
  'token signed with another secret': {
    madeAs: 'host',
    token: () => sign({ iss: 'kaa' }, 'another-secret-that-is-long-enough-too'),
  },
  'token with alg none': { madeAs: 'host', token: async () => unsigned('') },
  'token with alg none and something for a signature': {
    madeAs: 'host',
    token: async () => unsigned('AAAA'),
  },
  'resume token as bearer': { madeAs: 'host', token: resumeToken },

  // With a role.
  admin: { ...CLOSED, token: roles('admin') },
  'host of the call': { ...CLOSED, madeAs: 'host', token: roles('host') },
  'participant who made the call': { ...CLOSED, madeAs: 'participant', token: roles('participant') },
  'service that made the call': { ...CLOSED, madeAs: 'service', token: roles('service') },
  'participant who was in the call': { wasInAs: 'participant', token: roles('participant') },
  'viewer who was in the call': { wasInAs: 'viewer', token: roles('viewer') },
  'invited participant': { ...CLOSED, isInvited: true, token: roles('participant') },
  'invited host of other calls': { ...CLOSED, isInvited: true, token: roles('host') },
  'invited viewer': { ...CLOSED, isInvited: true, token: roles('viewer') },
  'invited, without a role': { ...CLOSED, isInvited: true, token: roles() },
  'host of other calls': { token: roles('host') },
  participant: { token: roles('participant') },
  viewer: { token: roles('viewer') },
  service: { token: roles('service') },
  'without a role': { token: roles() },
  'host of other calls, not invited': { ...CLOSED, token: roles('host') },
  'host of an earlier call of this id, not invited': { ...CLOSED, isFormerHost: true, token: roles('host') },
  'participant, not invited': { ...CLOSED, token: roles('participant') },
  'viewer, not invited': { ...CLOSED, token: roles('viewer') },

  // With grants for this call: all of them are strangers to it, but for the last.
  'grant of nothing': { ...CLOSED, token: grant({}) },
  'grant publish': { ...CLOSED, token: grant({ publish: ['microphone', 'camera', 'screen'] }) },
  'grant publish the microphone': { ...CLOSED, token: grant({ publish: ['microphone'] }) },
  'grant subscribe': { ...CLOSED, token: grant({ subscribe: true }) },
  'grant data': { ...CLOSED, token: grant({ data: true }) },
  'grant record': { ...CLOSED, token: grant({ record: true }) },
  'grant moderate': { ...CLOSED, token: grant({ moderate: true }) },
  'grant hidden': { ...CLOSED, token: grant({ hidden: true }) },
  'grant phone': { ...CLOSED, token: grant({ phone: true }) },
  'join token': { token: joinToken },
  'invite link': { ...CLOSED, token: inviteToken },
  'host of the call, by a grant subscribe': {
    ...CLOSED,
    madeAs: 'host',
    token: grant({ subscribe: true }, 'host'),
  },
  'admin, by a grant subscribe': { ...CLOSED, token: grant({ subscribe: true }, 'admin') },

  // With grants, and none for this call.
  'grants of another call': { isInvited: true, wasInAs: 'participant', token: grantElsewhere },
  'grants of no call': {
    madeAs: 'host',
    token: ({ server }) => server.token(CALLER_ID, ['admin'], { grants: {} }),
  },
} satisfies Record<string, Caller>;

export type CallerName = keyof typeof callers;
export const callerNames = Object.keys(callers) as CallerName[];

function roles(...held: Role[]): Caller['token'] {
  return ({ server }) => server.token(CALLER_ID, held);
}

function grant(held: Grant, ...besides: Role[]): Caller['token'] {
  return ({ server, roomId }) => server.token(CALLER_ID, besides, { grants: { [roomId]: held } });
}

function grantElsewhere({ server, roomId }: Place): Promise<string> {
  const all: Grant = { publish: ['microphone'], subscribe: true, data: true, record: true, moderate: true };
  return server.token(CALLER_ID, ['admin', 'host', 'service'], { grants: { [`${roomId}-other`]: all } });
}

/** Valid but for its issuer or its secret. */
function sign(claims: { iss: string }, secret = JWT_SECRET): Promise<string> {
  return new SignJWT({ sub: CALLER_ID, roles: ['admin'], exp: inAnHour(), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

function unsigned(signature: string): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const claims = { iss: 'kaa', sub: CALLER_ID, roles: ['admin'], exp: inAnHour() };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${signature}`;
}

async function resumeToken({ server, roomId }: Place): Promise<string> {
  const client = await SignalingClient.connect(server.url, await server.token(CALLER_ID), roomId);
  const joined = await client.request('join', { protocol: 'mediasoup' });
  await client.close();
  return joined.resumeToken;
}

async function joinToken({ server, roomId }: Place): Promise<string> {
  return await pass(
    `${server.url}/video-calls/${roomId}/join`,
    await server.token(CALLER_ID, ['participant']),
  );
}

async function inviteToken({ server, roomId }: Place): Promise<string> {
  const url = `${server.url}/video-calls/${roomId}/invites`;
  return await pass(url, await server.token(HOST_ID), { userId: CALLER_ID });
}

async function pass(url: string, bearer: string, body: object = {}): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}
