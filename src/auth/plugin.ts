/** Gives routes the identity behind a request, and refuses those without a valid token, or with one for other calls. */
import { Elysia } from 'elysia';
import { AppError } from '../lib/index.ts';
import type { Identity } from './identity.ts';
import type { Tokens } from './tokens.ts';
import { bearerToken, queryToken } from './upgrade-token.ts';
import { unauthenticated } from './verifier.ts';

/** The routes of one call, and the parameter that names it; everything else is outside of calls. */
const CALL_ROUTES: readonly { readonly base: string; readonly parameter: string }[] = [
  { base: '/video-calls/:id', parameter: 'id' },
  { base: '/whip/:callId', parameter: 'callId' },
  { base: '/whep/:callId', parameter: 'callId' },
];
/** Of these the service knows the call, and checks the grants. */
const SESSION_ROUTES: readonly string[] = ['/whip/sessions/:sessionId', '/whep/sessions/:sessionId'];

/**
 * Routes after `.use(authPlugin(tokens))` get `identity`. A request without a valid bearer token is answered 401. One
 * whose token has grants is answered 403, unless the route is one of a call that they name (SPEC 1).
 */
export function authPlugin(tokens: Tokens) {
  return new Elysia({ name: 'auth' }).resolve({ as: 'scoped' }, async ({ request, route, params }) => {
    const token = bearerToken(request);
    if (token === undefined) throw unauthenticated();
    const identity = await tokens.verify(token);
    demandWithinGrants(identity, route, params);
    return { identity };
  });
}

/**
 * Routes after `.use(anybodyPlugin(tokens))` get `identity`, undefined for a request without a token: what nobody in particular may
 * see is theirs to decide. A token that does not hold is 401 all the same.
 */
export function anybodyPlugin(tokens: Tokens) {
  return new Elysia({ name: 'anybody' }).resolve(
    { as: 'scoped' },
    async ({ request, route, params }): Promise<{ identity: Identity | undefined }> => {
      const token = bearerToken(request);
      if (token === undefined) return { identity: undefined };
      const identity = await tokens.verify(token);
      demandWithinGrants(identity, route, params);
      return { identity };
    },
  );
}

/** Who asks for what a browser fetches without headers: somebody with a token, or whoever holds a link. */
export type Opener = { readonly identity: Identity } | { readonly link: string };

/**
 * Routes after `.use(openerPlugin(tokens))` get `opener`: the identity of the bearer token when there is one, else what
 * `?token=` brings, which they verify themselves. Without either it is 401.
 */
export function openerPlugin(tokens: Tokens) {
  return new Elysia({ name: 'opener' }).resolve(
    { as: 'scoped' },
    async ({ request, route, params }): Promise<{ opener: Opener }> => {
      const token = bearerToken(request);
      if (token !== undefined) {
        const identity = await tokens.verify(token);
        demandWithinGrants(identity, route, params);
        return { opener: { identity } };
      }
      const link = queryToken(request);
      if (link === undefined) throw unauthenticated();
      return { opener: { link } };
    },
  );
}

function demandWithinGrants({ grants }: Identity, route: string, params: unknown): void {
  if (!grants) return;
  if (SESSION_ROUTES.includes(route)) return;
  const call = CALL_ROUTES.find(({ base }) => route === base || route.startsWith(`${base}/`));
  if (call && grants.has(valueIn(params, call.parameter))) return;
  throw new AppError('forbidden', 'This token is for single calls only, and not for this.');
}

function valueIn(params: unknown, name: string): string {
  const value = typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
}
