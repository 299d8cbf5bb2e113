/** What an identity may do: in one call, and with calls as such (SPEC 1). Pure functions, and the only place of these rules. */
import type { Permissions } from '../protocol/index.ts';
import type { Grant, Identity } from './identity.ts';

/** What the rules need to know of a call. */
export interface CallFacts {
  readonly roomId: string;
  readonly createdBy: string | null;
  readonly access: 'open' | 'invited';
  readonly invited: readonly string[];
}

const NOTHING: Permissions = {
  publish: [],
  subscribe: false,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: false,
};

const EVERYTHING: Permissions = {
  publish: ['microphone', 'camera', 'screen'],
  subscribe: true,
  data: true,
  record: true,
  moderate: true,
  hidden: false,
  phone: true,
};

const TALK: Permissions = {
  ...NOTHING,
  publish: ['microphone', 'camera', 'screen'],
  subscribe: true,
  data: true,
};

const WATCH: Permissions = { ...NOTHING, subscribe: true };

const FLAGS = ['subscribe', 'data', 'record', 'moderate', 'hidden', 'phone'] as const;

/** Whether the identity may enter the call at all. */
export function mayJoin(identity: Identity, call: CallFacts): boolean {
  if (identity.grants) return identity.grants.has(call.roomId);
  if (identity.roles.has('admin') || isHost(identity, call)) return true;
  if (!canTalkOrWatch(identity)) return false;
  return call.access === 'open' || call.invited.includes(identity.userId);
}

/** What the identity may do inside of the call, given that it may join. */
export function permissionsIn(identity: Identity, call: CallFacts): Permissions {
  if (identity.grants) return fromGrant(identity.grants.get(call.roomId));
  if (identity.roles.has('admin') || isHost(identity, call)) return EVERYTHING;
  // The role `host` lets one create calls and gives nothing in calls of others: there a host is a participant.
  if (identity.roles.has('participant') || identity.roles.has('host')) return TALK;
  return identity.roles.has('viewer') ? WATCH : NOTHING;
}

/** Whether the identity may see the call: its host, who takes or took part, who is invited, and admins. */
export function maySee(identity: Identity, call: CallFacts, hasTakenPart: boolean): boolean {
  if (identity.grants) return identity.grants.has(call.roomId);
  return (
    identity.roles.has('admin') ||
    isHost(identity, call) ||
    hasTakenPart ||
    call.invited.includes(identity.userId)
  );
}

/** Whether the identity may change or end the call. */
export function mayManage(identity: Identity, call: CallFacts): boolean {
  if (identity.grants) return false;
  return identity.roles.has('admin') || isHost(identity, call);
}

/** Whether the identity may mute, remove and invite people: the host of the call, admins, and whom a grant lets. */
export function mayModerate(identity: Identity, call: CallFacts): boolean {
  return mayJoin(identity, call) && permissionsIn(identity, call).moderate;
}

/**
 * What the identity may hand on by an invitation: what it has itself, never more. The host and admins are not hidden
 * themselves, and may still let somebody watch unseen.
 */
export function permissionsToGive(identity: Identity, call: CallFacts): Permissions {
  const own = permissionsIn(identity, call);
  return own.moderate && !identity.grants ? { ...own, hidden: true } : own;
}

/** The rights that are wanted and not held, by name: `record`, `publish camera`. */
export function missingRights(wanted: Grant, held: Permissions): string[] {
  const { publish = [], ...flags } = wanted;
  return [
    ...publish.filter((source) => !held.publish.includes(source)).map((source) => `publish ${source}`),
    ...FLAGS.filter((flag) => flags[flag] === true && !held[flag]),
  ];
}

/** What a participant gets who is given nothing in particular, and no more than the giver has. */
export function participantGrant(held: Permissions): Grant {
  return {
    publish: TALK.publish.filter((source) => held.publish.includes(source)),
    subscribe: TALK.subscribe && held.subscribe,
    data: TALK.data && held.data,
  };
}

export function mayCreateCalls(identity: Identity): boolean {
  if (identity.grants) return false;
  return (['admin', 'host', 'participant', 'service'] as const).some((role) => identity.roles.has(role));
}

/** Whether the identity is told of participants that are hidden. */
export function seesHidden(identity: Identity): boolean {
  return !identity.grants && identity.roles.has('admin');
}

export function seesAllCalls(identity: Identity): boolean {
  return !identity.grants && identity.roles.has('admin');
}

/** Whether the identity may send something in to be recorded. */
export function mayUpload(identity: Identity): boolean {
  if (identity.grants) return false;
  return (['service', 'host', 'admin'] as const).some((role) => identity.roles.has(role));
}

/** Whether the identity may change and end the upload that this user began. */
export function mayManageUpload({ userId, roles, grants }: Identity, ownerId: string): boolean {
  return !grants && (userId === ownerId || roles.has('service') || roles.has('admin'));
}

/** Who asks on ingest: a `service` acts there for any user, and so may do what the host of any call may (SPEC 1). */
export function forIngest(identity: Identity): Identity {
  if (identity.grants || !identity.roles.has('service')) return identity;
  return { ...identity, roles: new Set([...identity.roles, 'admin']) };
}

function isHost(identity: Identity, call: CallFacts): boolean {
  return call.createdBy !== null && call.createdBy === identity.userId;
}

function canTalkOrWatch(identity: Identity): boolean {
  return (['host', 'participant', 'viewer'] as const).some((role) => identity.roles.has(role));
}

function fromGrant(grant: Grant | undefined): Permissions {
  return { ...NOTHING, ...grant };
}
