/** Who may dial, and whose call one may see. */
import type { Identity } from '../../auth/index.ts';
import type { PhoneCallRow } from '../../db/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Permissions } from '../../protocol/index.ts';

const MAY_DIAL = ['host', 'participant', 'admin'] as const;

/** Of either end of a phone call in its room. */
export const VOICE_ONLY: Permissions = {
  publish: ['microphone'],
  subscribe: true,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: true,
};

/** Throws `forbidden`. A token with grants is for its calls alone, and dials into those. */
export function demandDialling({ roles, grants }: Identity): void {
  if (!grants && MAY_DIAL.some((role) => roles.has(role))) return;
  throw new AppError('forbidden', 'This token may not make phone calls.');
}

/** Throws `forbidden` for one who only watches: who created a video call may do everything else in it, also as a viewer. */
export function demandNoViewer({ roles, grants }: Identity): void {
  if (grants || [...MAY_DIAL, 'service' as const].some((role) => roles.has(role))) return;
  throw new AppError('forbidden', 'This token may not make phone calls.');
}

/** Throws `forbidden` for calls of others; an admin sees all. */
export function demandOwn({ userId, roles }: Identity, row: PhoneCallRow): void {
  if (row.userId === userId || roles.has('admin')) return;
  throw new AppError('forbidden', 'No access to this call');
}
