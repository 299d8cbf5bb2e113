/** Who may what (SPEC 1, 2.1 and 2.2): written down by hand, from the specification, and not from the code that it tests. */
import type { CallerName } from './callers.ts';
import { rule } from './rule.ts';

/** Who has no token that holds: for them there is 401, and no socket. */
export const NOBODY: readonly CallerName[] = [
  'no token',
  'expired token',
  'token of another issuer',
  'token signed with another secret',
  'token with alg none',
  'token with alg none and something for a signature',
  'resume token as bearer',
];

/** They may do everything in the call. */
const HOSTS: readonly CallerName[] = [
  'admin',
  'host of the call',
  'participant who made the call',
  'service that made the call',
];

/** Who got in with the role of a participant. The role `host` gives no more than that in calls of others. */
const TALKERS: readonly CallerName[] = [
  'participant who was in the call',
  'invited participant',
  'invited host of other calls',
  'host of other calls',
  'participant',
];

const WATCHERS: readonly CallerName[] = ['viewer who was in the call', 'invited viewer', 'viewer'];

/** They see the call, and do not manage it. */
const INVOLVED: readonly CallerName[] = [
  'participant who was in the call',
  'viewer who was in the call',
  'invited participant',
  'invited host of other calls',
  'invited viewer',
  'invited, without a role',
];

/** Who got a token with the rights of a participant. */
const GUESTS: readonly CallerName[] = ['join token', 'invite link'];
/** Grants count alone: what its bearer is besides gives nothing more. */
const WATCHERS_BY_GRANT: readonly CallerName[] = [
  'grant subscribe',
  'host of the call, by a grant subscribe',
  'admin, by a grant subscribe',
];
const GRANTED: readonly CallerName[] = [
  'grant of nothing',
  'grant publish',
  'grant publish the microphone',
  'grant data',
  'grant record',
  'grant moderate',
  'grant hidden',
  'grant phone',
  ...WATCHERS_BY_GRANT,
  ...GUESTS,
];
const GRANTED_ELSEWHERE: readonly CallerName[] = ['grants of another call', 'grants of no call'];

/** Who gets into the call, by its routes and by its socket. */
const JOINERS: readonly CallerName[] = [...HOSTS, ...TALKERS, ...WATCHERS, ...GRANTED];
const RECORDERS: readonly CallerName[] = [...HOSTS, 'grant record'];
const MODERATORS: readonly CallerName[] = [...HOSTS, 'grant moderate'];
/** Who may do so without grants; the role `viewer` may not. */
const FOUNDERS: readonly CallerName[] = [
  ...HOSTS,
  ...TALKERS,
  'service',
  'host of other calls, not invited',
  'host of an earlier call of this id, not invited',
  'participant, not invited',
];

/** Who may make phone calls: by a role, and by no grant. */
const DIALLERS: readonly CallerName[] = [
  'admin',
  'host of the call',
  'participant who made the call',
  ...TALKERS,
  'host of other calls, not invited',
  'host of an earlier call of this id, not invited',
  'participant, not invited',
];

/** Routes. */
export const forDiallers = rule('who may make phone calls', { ask: NOBODY, allow: DIALLERS, others: 'deny' });
export const forCallersThemselves = rule('everyone without grants, each with their own phone calls', {
  ask: NOBODY,
  deny: [...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'allow',
});
export const forEveryone = rule('everyone', { others: 'allow' });
export const forNobody = rule('nobody', { others: 'deny' });
export const forTokens = rule('every token that holds', { ask: NOBODY, others: 'allow' });
export const forUngranted = rule('every token without grants', {
  ask: NOBODY,
  deny: [...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'allow',
});
/** Who shows no stream key is nobody, whatever token they have; a token that does not hold is not looked at twice. */
export const forNoKey = rule('who has the stream key', { others: 'ask' });
export const forServices = rule('services and admins', {
  ask: NOBODY,
  allow: ['admin', 'service', 'service that made the call'],
  others: 'deny',
});
export const forAdmins = rule('admins', { ask: NOBODY, allow: ['admin'], others: 'deny' });
export const forFounders = rule('who may make calls', { ask: NOBODY, allow: FOUNDERS, others: 'deny' });
export const forFoundersOfRoom = rule('who may make calls, by joining one', {
  ask: NOBODY,
  allow: FOUNDERS,
  deny: [...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forListers = rule('everyone without grants, each with their own calls', {
  ask: NOBODY,
  allow: [...HOSTS, ...INVOLVED],
  deny: [...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forInvolved = rule('who has to do with the call', {
  ask: NOBODY,
  allow: [...HOSTS, ...INVOLVED, ...GRANTED],
  deny: GRANTED_ELSEWHERE,
  others: 'hide',
});
export const forHosts = rule('the host and admins', {
  ask: NOBODY,
  allow: HOSTS,
  deny: [...INVOLVED, ...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forModerators = rule('moderators', {
  ask: NOBODY,
  allow: MODERATORS,
  deny: [...INVOLVED, ...GRANTED.filter((caller) => caller !== 'grant moderate'), ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forRecorders = rule('who may record', {
  ask: NOBODY,
  allow: RECORDERS,
  deny: [...INVOLVED, ...GRANTED.filter((caller) => caller !== 'grant record'), ...GRANTED_ELSEWHERE],
  others: 'hide',
});
/** Outside of its call nobody with grants sees a recording. */
export const forSeersOfRecordings = rule('who has to do with the call, without grants', {
  ask: NOBODY,
  allow: [...HOSTS, ...INVOLVED],
  deny: [...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forHostsOfRecordings = rule('the host of the call and admins, without grants', {
  ask: NOBODY,
  allow: HOSTS,
  deny: [...INVOLVED, ...GRANTED, ...GRANTED_ELSEWHERE],
  others: 'hide',
});
export const forHoldersOfLink = rule('everyone with a link', { others: 'allow' });
export const forNoLink = rule('no link of another recording', { others: 'hide' });
/** A service acts there for any user (SPEC 1). */
export const forWhipPublishers = rule('who may publish sound and picture, and services', {
  ask: NOBODY,
  allow: [...HOSTS, ...TALKERS, ...GUESTS, 'grant publish', 'service'],
  others: 'deny',
});
export const forWhepViewers = rule('who may subscribe, and services', {
  ask: NOBODY,
  allow: [...HOSTS, ...TALKERS, ...WATCHERS, ...GUESTS, ...WATCHERS_BY_GRANT, 'service'],
  others: 'deny',
});
export const forOwnersOfSessions = rule('who made the session, admins and services', {
  ask: NOBODY,
  allow: ['admin', 'service', 'service that made the call'],
  others: 'hide',
});
export const forUploaders = rule('admins, hosts and services, without grants', {
  ask: NOBODY,
  allow: [
    'admin',
    'host of the call',
    'service that made the call',
    'service',
    'invited host of other calls',
    'host of other calls',
    'host of other calls, not invited',
    'host of an earlier call of this id, not invited',
  ],
  others: 'deny',
});
export const forOwnersOfUploads = rule('who began the upload, admins and services', {
  ask: NOBODY,
  allow: ['admin', 'service', 'service that made the call'],
  others: 'deny',
});
export const forJoiners = rule('who may join', { ask: NOBODY, allow: JOINERS, others: 'deny' });

/** Messages. Those without a token have no socket to send one on. */
export const forSockets = rule('every socket', { others: 'allow' });
export const forNoSocket = rule('no socket', { others: 'deny' });
export const forNoToken = rule('no token of this kind', { others: 'ask' });
export const forJoinersBySocket = rule('who may join, by the socket', { allow: JOINERS, others: 'deny' });
export const forFoundersBySocket = rule('who may make calls, by joining one over the socket', {
  allow: FOUNDERS,
  others: 'hide',
});
export const forPresent = inCall('everyone in the call', { allow: JOINERS, rest: 'allow' });
export const forModeratorsInCall = inCall('moderators in the call', { allow: MODERATORS, rest: 'deny' });
export const forRecordersInCall = inCall('who may record, in the call', { allow: RECORDERS, rest: 'deny' });
export const forDataUsers = inCall('who may chat and use data', {
  allow: [...HOSTS, ...TALKERS, ...GUESTS, 'grant data'],
  rest: 'deny',
});
const PUBLISHERS: readonly CallerName[] = [...HOSTS, ...TALKERS, ...GUESTS, 'grant publish'];
const RECEIVERS: readonly CallerName[] = [...HOSTS, ...TALKERS, ...WATCHERS, ...GUESTS, ...WATCHERS_BY_GRANT];
export const forMicrophones = inCall('who may publish a microphone', {
  allow: [...PUBLISHERS, 'grant publish the microphone'],
  rest: 'deny',
});
export const forPublishers = inCall('who may publish camera and screen', { allow: PUBLISHERS, rest: 'deny' });
export const forReceivers = inCall('who may subscribe', { allow: RECEIVERS, rest: 'deny' });
export const forSenders = inCall('who may publish or use data', {
  allow: [...PUBLISHERS, 'grant publish the microphone', 'grant data'],
  rest: 'deny',
});
export const forReceiversOfAny = inCall('who may subscribe or use data', {
  allow: [...RECEIVERS, 'grant data'],
  rest: 'deny',
});
export const forOwnersOfTransports = inCall('who has a transport', {
  allow: [...RECEIVERS, 'grant publish', 'grant publish the microphone', 'grant data'],
  rest: 'none',
});
export const forOwnersOfTracks = inCall('who has a track', {
  allow: [...PUBLISHERS, 'grant publish the microphone'],
  rest: 'none',
});
export const forOwnersOfConsumers = inCall('who has a consumer', { allow: RECEIVERS, rest: 'none' });
export const forNoOtherOwner = inCall('nobody but the owner', { allow: [], rest: 'none' });

/** `rest`: what those get who are in the call and are not named. */
function inCall(
  name: string,
  { allow, rest }: { allow: readonly CallerName[]; rest: 'allow' | 'deny' | 'none' },
) {
  const named = new Set(allow);
  const unnamed = JOINERS.filter((caller) => !named.has(caller));
  return rule(name, {
    allow: rest === 'allow' ? JOINERS : allow,
    ...(rest !== 'allow' && { [rest]: unnamed }),
    others: 'outside',
  });
}
