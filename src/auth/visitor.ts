/** Who somebody else vouches for: an app that has logged its people in by its own means. */
import { Value } from '@sinclair/typebox/value';
import { findUnfitJson } from '../lib/index.ts';
import { RESERVED_USER_IDS } from '../protocol/index.ts';
import { Claims, type Grant, type Identity, LAST_SECOND, type Role, toIdentity } from './identity.ts';
import { unauthenticated } from './verifier.ts';

export interface Visitor {
  readonly userId: string;
  /** Default: the user id. */
  readonly name?: string | undefined;
  /** Default: `participant`, unless there are grants. */
  readonly roles?: readonly Role[] | undefined;
  /** By room id. When given, even empty, they may do nothing outside of the calls that it names. */
  readonly grants?: Readonly<Record<string, Grant>> | undefined;
  /** Default: never. */
  readonly expiresAt?: Date | undefined;
}

/** Checked as the claims of a token are. Throws `unauthenticated`. */
export function identityOf(visitor: Visitor): Identity {
  const { userId, name, grants, expiresAt } = visitor;
  const roles = visitor.roles ?? (grants === undefined ? ['participant'] : []);
  const claims = {
    iss: 'visitor',
    sub: userId,
    exp: expiresAt ? expiresAt.getTime() / 1_000 : LAST_SECOND,
    roles: [...roles],
    ...(name === undefined ? {} : { name }),
    ...(grants === undefined ? {} : { grants: { ...grants } }),
  };
  if (!Value.Check(Claims, claims) || findUnfitJson(claims) !== undefined) {
    throw unauthenticated('What is said of this user is not of the form that a token has.');
  }
  if (RESERVED_USER_IDS.includes(claims.sub)) throw unauthenticated('This user id is reserved.');
  return toIdentity(claims);
}
