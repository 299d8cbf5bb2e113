/** Where a call client stands, as a union with one transition table. */
import type { CallClosed } from './close-reason.ts';

export type CallState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  /** In the lobby, until a moderator decides. */
  | { readonly status: 'waiting' }
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly attempt: number; readonly message: string }
  | ({ readonly status: 'closed' } & CallClosed);

const NEXT: Readonly<Record<CallState['status'], readonly CallState['status'][]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['waiting', 'connected', 'closed'],
  waiting: ['reconnecting', 'connected', 'closed'],
  connected: ['reconnecting', 'closed'],
  reconnecting: ['reconnecting', 'waiting', 'connected', 'closed'],
  closed: [],
};

export function canBecome(from: CallState, to: CallState): boolean {
  return NEXT[from.status].includes(to.status);
}
