/** Who is on a socket that somebody else has upgraded. */
import {
  type Identity,
  identityOf,
  type Tokens,
  unauthenticated,
  upgradeToken,
  type Visitor,
} from '../auth/index.ts';
import type { OriginCheck } from '../http/index.ts';

export interface Arrival {
  /** The upgrade. */
  readonly request: Request;
  /** What was given to `handleWebSocketConnection`. */
  readonly userId: string | undefined;
}

/** Gives the one whom the program vouches for; undefined, or an error, lets nobody in. */
export type Authenticate = (arrival: Arrival) => Visitor | undefined | Promise<Visitor | undefined>;

export interface AuthenticationDeps {
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
  readonly authenticate: Authenticate | undefined;
}

/** Rejects with `unauthenticated`, `unavailable`, or what the program's own `authenticate` threw. */
export async function identify(arrival: Arrival, deps: AuthenticationDeps): Promise<Identity> {
  const { request, userId } = arrival;
  if (!deps.isAllowedOrigin(request)) throw unauthenticated('This page may not open a socket here.');
  const identity = deps.authenticate
    ? vouchedFor(await deps.authenticate(arrival))
    : await deps.tokens.verify(upgradeToken(request));
  if (userId !== undefined && userId !== identity.userId) {
    throw unauthenticated('The user id of the connection is not that of its token.');
  }
  return identity;
}

function vouchedFor(visitor: Visitor | undefined): Identity {
  if (!visitor) throw unauthenticated();
  return identityOf(visitor);
}
