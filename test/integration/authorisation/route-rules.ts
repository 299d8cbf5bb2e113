/** Who may use which route: the table of SPEC 2.1, and the request that shows it. */
import { type CallerName, grantOf, isPerson } from './callers.ts';

/** `hidden`: the caller is not told that the call exists. */
export type Verdict = 'allowed' | 'forbidden' | 'hidden';

export interface RouteRule {
  /** Absent: everyone, with no token or a bad one too. */
  readonly may?: (caller: CallerName) => Verdict;
  /** A valid request for the call. */
  readonly request?: (roomId: string) => { readonly path?: string; readonly body?: unknown };
  /** Of a success, where everyone is answered; 200 when absent. */
  readonly status?: number;
}

const HOSTS: readonly CallerName[] = ['admin', 'owner', 'owner without roles'];
const INVITED: readonly CallerName[] = ['invited participant', 'invited viewer'];

const isOfThisCall = (caller: CallerName) => grantOf(caller) !== undefined;
/** A token with grants is refused outside of the calls that it names. */
const isFenced = (caller: CallerName) => !isPerson(caller);

function outsideOfCalls(mayPerson: (caller: CallerName) => boolean) {
  return (caller: CallerName): Verdict => (!isFenced(caller) && mayPerson(caller) ? 'allowed' : 'forbidden');
}

function seesCall(caller: CallerName): Verdict {
  if (isFenced(caller)) return isOfThisCall(caller) ? 'allowed' : 'forbidden';
  return HOSTS.includes(caller) || INVITED.includes(caller) ? 'allowed' : 'hidden';
}

function ofThoseWhoSee(may: (caller: CallerName) => boolean) {
  return (caller: CallerName): Verdict => {
    const sees = seesCall(caller);
    return sees === 'allowed' && !may(caller) ? 'forbidden' : sees;
  };
}

const seer = ofThoseWhoSee(() => true);
const manager = ofThoseWhoSee((caller) => HOSTS.includes(caller));
const moderator = ofThoseWhoSee((caller) => HOSTS.includes(caller) || grantOf(caller)?.moderate === true);

function joiner(caller: CallerName): Verdict {
  if (isFenced(caller)) return isOfThisCall(caller) ? 'allowed' : 'forbidden';
  return HOSTS.includes(caller) || INVITED.includes(caller) ? 'allowed' : 'forbidden';
}

const creator = outsideOfCalls(
  (caller) => !['viewer', 'invited viewer', 'no roles', 'owner without roles'].includes(caller),
);
const anybodyWithoutGrants = outsideOfCalls(() => true);

/** Every route that the server answers; the test fails for one that is missing here, and for one that is not there. */
export const ROUTE_RULES: Readonly<Record<string, RouteRule>> = {
  'GET /': {},
  'GET /assets/*': { request: () => ({ path: '/assets/no-such.js' }), status: 404 },
  'GET /call/:roomId': { request: (roomId) => ({ path: `/call/${roomId}` }) },
  // What a browser asks before it asks; answered for everyone, about nothing.
  'OPTIONS /': { status: 204 },
  'OPTIONS /*': { request: () => ({ path: '/video-calls' }), status: 204 },
  'GET /health': {},
  'GET /ready': {},
  'GET /openapi': {},
  'GET /openapi/json': {},
  'POST /auth/dev-token': { request: () => ({ body: { userId: 'somebody' } }) },
  'POST /video-calls': { may: creator, request: () => ({ body: {} }) },
  'GET /video-calls': { may: anybodyWithoutGrants },
  'GET /video-calls/:id': { may: seer },
  'PUT /video-calls/:id': { may: manager, request: () => ({ body: { title: 'Another title' } }) },
  'DELETE /video-calls/:id': { may: manager },
  'POST /video-calls/:id/join': { may: joiner },
  'POST /video-calls/:id/invites': { may: moderator, request: () => ({ body: { permissions: {} } }) },
  'GET /video-calls/:id/participants': { may: seer },
  'GET /video-calls/:id/stats': { may: seer },
  'GET /video-calls/:id/analytics': { may: seer },
  'POST /video-calls/:id/participants/:userId/mute': {
    may: moderator,
    request: () => ({ body: {} }),
  },
  'DELETE /video-calls/:id/participants/:userId': { may: moderator },
};

/** Decided at the upgrade for every token that is good; what one may do on the socket is in `message-rules.ts`. */
export const SOCKET_ROUTES: readonly string[] = ['WS /video-calls/ws'];
