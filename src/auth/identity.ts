/** Who a verified token speaks for, and how far. */
import { type Static, Type } from '@sinclair/typebox';
import { PublishSource, UserId } from '../protocol/index.ts';

const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('host'),
  Type.Literal('participant'),
  Type.Literal('viewer'),
  Type.Literal('service'),
]);
export type Role = Static<typeof Role>;
export const ROLES: readonly Role[] = Role.anyOf.map((role) => role.const);

/** What a token with grants may do in one call. What is not named is not granted. */
export const Grant = Type.Object({
  publish: Type.Optional(Type.Array(PublishSource)),
  subscribe: Type.Optional(Type.Boolean()),
  data: Type.Optional(Type.Boolean()),
  record: Type.Optional(Type.Boolean()),
  moderate: Type.Optional(Type.Boolean()),
  hidden: Type.Optional(Type.Boolean()),
  phone: Type.Optional(Type.Boolean()),
});
export type Grant = Static<typeof Grant>;

/** The last second that RFC 3339 can write; what is beyond would be no date. */
export const LAST_SECOND = 253_402_300_799;

/** The claims of a token, checked after its signature and its issuer. Times are seconds since 1970 (RFC 7519). */
export const Claims = Type.Object({
  iss: Type.String(),
  sub: UserId,
  exp: Type.Number({ maximum: LAST_SECOND }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  roles: Type.Optional(Type.Array(Role, { maxItems: 16 })),
  grants: Type.Optional(Type.Record(Type.String(), Grant)),
});
export type Claims = Static<typeof Claims>;

export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** By room id. Present even when empty: such a token may do nothing outside of the calls that it names. */
  readonly grants: ReadonlyMap<string, Grant> | undefined;
  readonly expiresAt: Date;
}

export function toIdentity(claims: Claims): Identity {
  return {
    userId: claims.sub,
    name: claims.name ?? claims.sub,
    roles: new Set(claims.roles ?? []),
    grants: claims.grants && new Map(Object.entries(claims.grants)),
    expiresAt: new Date(claims.exp * 1_000),
  };
}
