/** What a journal writes down: one thing that happened in a call, with all that its row takes. */
import type { CallParticipantRow, NewCallRow } from '../../db/index.ts';
import type { CallEndReason } from '../../protocol/index.ts';
import type { StayTotals } from '../repository.ts';

/** What of a stay is known when it begins. */
export type NewStay = Pick<
  CallParticipantRow,
  'id' | 'callId' | 'userId' | 'name' | 'role' | 'hidden' | 'metadata' | 'joinedAt'
>;

export interface StayEnd extends StayTotals {
  readonly id: string;
  readonly callId: string;
  readonly leaveReason: string;
  readonly leftAt: Date;
}

export type JournalEntry =
  | { readonly kind: 'call'; readonly row: NewCallRow }
  /** The first participant came into a call that has a row. */
  | { readonly kind: 'activation'; readonly callId: string; readonly startedAt: Date }
  | { readonly kind: 'stay'; readonly row: NewStay }
  | { readonly kind: 'stay-end'; readonly end: StayEnd }
  | {
      readonly kind: 'call-end';
      readonly callId: string;
      readonly reason: CallEndReason;
      readonly endedAt: Date;
    };
