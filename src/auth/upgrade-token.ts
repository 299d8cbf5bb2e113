/** Where the token of a socket's upgrade request stands (SPEC 1), and which subprotocol its answer names. */
import { unauthenticated } from './verifier.ts';

const SCHEME = 'bearer';

/**
 * The token of an `Authorization: Bearer …` header (RFC 6750, section 2.1). Undefined when there is no such header;
 * throws `unauthenticated` when there is one without a token in it.
 */
export function bearerToken(request: Request): string | undefined {
  const credentials = request.headers.get('authorization')?.match(/^bearer(?: +(.*))?$/i);
  return credentials ? demandJwt(credentials[1]) : undefined;
}

/**
 * The token of an upgrade request: the header, the subprotocol pair `bearer, <jwt>` for browsers, which cannot set
 * headers, then `?token=`. The first of these that is there decides: a bad token is never made good by another one.
 * Throws `unauthenticated`.
 */
export function upgradeToken(request: Request): string {
  const token = bearerToken(request) ?? subprotocolToken(request) ?? queryToken(request);
  if (token === undefined) throw unauthenticated();
  return token;
}

/** What to answer in `Sec-WebSocket-Protocol`: a browser closes the socket unless it is one that it offered. */
export function acceptedSubprotocol(request: Request): string | undefined {
  return offeredSubprotocols(request).find(isBearer);
}

function subprotocolToken(request: Request): string | undefined {
  const offered = offeredSubprotocols(request);
  const index = offered.findIndex(isBearer);
  return index === -1 ? undefined : demandJwt(offered[index + 1]);
}

/** The token of `?token=`. Undefined when there is none; throws `unauthenticated` when it is no token. */
export function queryToken(request: Request): string | undefined {
  const { searchParams } = new URL(request.url);
  return searchParams.has('token') ? demandJwt(searchParams.get('token')) : undefined;
}

function offeredSubprotocols(request: Request): string[] {
  return (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((part) => part.trim());
}

function isBearer(subprotocol: string): boolean {
  return subprotocol.toLowerCase() === SCHEME;
}

function demandJwt(text: string | null | undefined): string {
  if (!text || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) throw unauthenticated();
  return text;
}
