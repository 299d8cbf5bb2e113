/** How far a phone call is, and the only function by which that changes. */
import type { PhoneCallRow } from '../../db/index.ts';
import type { ProviderEnd, ProviderState } from '../providers/provider.ts';

/** `caller-gone`: the browser of the caller vanished. `server-restarted`: it died with an earlier run of the server. */
export type EndReason =
  | Exclude<ProviderEnd, 'hung-up'>
  | 'caller-hung-up'
  | 'callee-hung-up'
  | 'caller-gone'
  | 'max-duration'
  | 'call-ended'
  | 'removed'
  | 'server-stopped'
  | 'server-restarted'
  | 'not-taken';

export type PhoneCallState = Pick<
  PhoneCallRow,
  'status' | 'answeredAt' | 'endTime' | 'duration' | 'endReason'
>;

export type PhoneCallStep =
  /** The provider has it. */
  | { readonly type: 'taken' }
  | { readonly type: 'answered'; readonly at: Date }
  | {
      readonly type: 'ended';
      readonly at: Date;
      readonly reason: EndReason;
      /** From the answer on, in whole seconds, when the provider says it. */
      readonly durationSeconds?: number;
    };

/** Who hangs up before anybody answers has had what they wanted. */
const ENDED_BY_CALLER: readonly EndReason[] = [
  'caller-hung-up',
  'canceled',
  'caller-gone',
  'call-ended',
  'removed',
];

export function hasEnded({ status }: Pick<PhoneCallState, 'status'>): boolean {
  return status === 'completed' || status === 'failed';
}

/** The next state; undefined when the step changes nothing, because it comes twice or too late. */
export function transition(state: PhoneCallState, step: PhoneCallStep): PhoneCallState | undefined {
  if (hasEnded(state)) return undefined;
  switch (step.type) {
    case 'taken':
      return state.status === 'initialized' ? { ...state, status: 'connecting' } : undefined;
    case 'answered':
      return state.status === 'active' ? undefined : { ...state, status: 'active', answeredAt: step.at };
    case 'ended': {
      const { at, reason, durationSeconds = 0 } = step;
      // The end may be told before the answer, or without it: how long they talked tells that they did.
      const answeredAt =
        state.answeredAt ?? (durationSeconds > 0 ? new Date(at.getTime() - durationSeconds * 1_000) : null);
      const talkedMs = answeredAt ? Math.max(0, at.getTime() - answeredAt.getTime()) : 0;
      const isCompleted = answeredAt !== null || ENDED_BY_CALLER.includes(reason);
      return {
        status: isCompleted ? 'completed' : 'failed',
        answeredAt,
        endTime: at,
        duration: durationSeconds > 0 ? durationSeconds : Math.round(talkedMs / 1_000),
        endReason: reason,
      };
    }
  }
}

/** What the provider tells of the end, as a step. */
export function stepOf({
  at,
  reason,
  durationSeconds,
}: Extract<ProviderState, { state: 'ended' }>): PhoneCallStep & { type: 'ended' } {
  return {
    type: 'ended',
    at,
    reason: reason === 'hung-up' ? 'callee-hung-up' : reason,
    ...(durationSeconds !== undefined && { durationSeconds }),
  };
}
