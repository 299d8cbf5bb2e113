/** Gives routes the identity behind a request, and refuses those without a valid token. */
import { Elysia } from 'elysia';
import type { Tokens } from './tokens.ts';
import { unauthenticated } from './verifier.ts';

/** Routes after `.use(authPlugin(tokens))` get `identity`; a request without a valid bearer token is answered 401. */
export function authPlugin(tokens: Tokens) {
  return new Elysia({ name: 'auth' }).resolve({ as: 'scoped' }, async ({ request }) => {
    const token = bearerToken(request.headers.get('authorization'));
    if (token === undefined) throw unauthenticated();
    return { identity: await tokens.verify(token) };
  });
}

/** The token of an `Authorization: Bearer …` header (RFC 6750, section 2.1). */
function bearerToken(header: string | null): string | undefined {
  return header?.match(/^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i)?.[1];
}

/**
 * The token of a socket's upgrade request, in the order of SPEC 1: the header, the subprotocol pair
 * `bearer, <jwt>` for browsers, which cannot set headers, then `?token=`.
 */
export function upgradeToken(request: Request): string | undefined {
  return (
    bearerToken(request.headers.get('authorization')) ??
    subprotocolToken(request.headers.get('sec-websocket-protocol')) ??
    new URL(request.url).searchParams.get('token') ??
    undefined
  );
}

function subprotocolToken(header: string | null): string | undefined {
  const [scheme, token] = (header ?? '').split(',').map((part) => part.trim());
  return scheme === 'bearer' ? token : undefined;
}
