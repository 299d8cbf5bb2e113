/** Who may do what with streaming sessions (SPEC 7). Pure functions, and the only place of these rules. */
import type { Identity } from '../auth/index.ts';

/** Whether the identity may make a session whose source is this user: itself, or anybody for a service. */
export function mayCreate(identity: Identity, clientId: string): boolean {
  return isTrusted(identity) || isThemselves(identity, clientId);
}

/** Whether the identity may end a session of this source, and see who watches it. */
export function mayManage(identity: Identity, clientId: string): boolean {
  return isTrusted(identity) || isThemselves(identity, clientId);
}

/** Whether the identity may connect as this operator. */
export function mayOperateAs(identity: Identity, userId: string): boolean {
  return isTrusted(identity) || isThemselves(identity, userId);
}

/** A service acts for any user, an admin may do everything; grants are for calls alone. */
function isTrusted({ grants, roles }: Identity): boolean {
  return grants === undefined && (roles.has('service') || roles.has('admin'));
}

function isThemselves({ grants, userId }: Identity, wanted: string): boolean {
  return grants === undefined && userId === wanted;
}
