/** Whether one identity may take the place of another on a live socket: the same user, with the same rights or fewer. */
import type { Grant, Identity, Role } from './identity.ts';

/** What a role includes beside itself. */
const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  admin: ['host', 'participant', 'viewer', 'service'],
  host: ['participant', 'viewer'],
  participant: ['viewer'],
  viewer: [],
  service: [],
};

const FLAGS = ['subscribe', 'data', 'record', 'moderate', 'hidden', 'phone'] as const;

/**
 * True when `next` allows nothing that `old` does not. What cannot be compared without knowing the calls is wider:
 * grants open calls that roles do not open, so a token without grants is followed by one with them only for an admin.
 */
export function isSameOrNarrower(old: Identity, next: Identity): boolean {
  return old.userId === next.userId && areRolesCovered(old, next) && areGrantsCovered(old, next);
}

function areRolesCovered(old: Identity, next: Identity): boolean {
  const covered = new Set([...old.roles].flatMap((role) => [role, ...INCLUDED[role]]));
  return [...next.roles].every((role) => covered.has(role));
}

function areGrantsCovered(old: Identity, next: Identity): boolean {
  if (!next.grants) return !old.grants;
  if (!old.grants && old.roles.has('admin')) return true;
  return [...next.grants].every(([roomId, grant]) => isGrantCovered(old.grants?.get(roomId), grant));
}

/** Even an empty grant lets one join: the call must have been named before. */
function isGrantCovered(old: Grant | undefined, next: Grant): boolean {
  if (!old) return false;
  return (
    (next.publish ?? []).every((source) => old.publish?.includes(source)) &&
    FLAGS.every((flag) => !next[flag] || old[flag])
  );
}
