/** The table of phone calls: one row for each number that was dialled, from before it is dialled on. */
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { newId } from '../../lib/index.ts';
import { moment } from './timestamp.ts';

export const PHONE_CALL_STATUSES = ['initialized', 'connecting', 'active', 'completed', 'failed'] as const;

/** Violated (SQLSTATE 23505) by a second call of a user who has one that has not ended. */
export const PHONE_CALLS_LIVE_USER_CONSTRAINT = 'calls_live_user_key';
/** Violated by a request that comes again with its `Idempotency-Key`. */
export const PHONE_CALLS_IDEMPOTENCY_CONSTRAINT = 'calls_idempotency_key';

export const phoneCalls = pgTable(
  'calls',
  {
    id: uuid('id').primaryKey().$defaultFn(newId),
    /** Who dialled. */
    userId: text('user_id').notNull(),
    /** E.164. */
    phoneNumber: text('phone_number').notNull(),
    status: text('status', { enum: PHONE_CALL_STATUSES }).notNull().default('initialized'),
    startTime: moment('start_time').notNull().defaultNow(),
    /** When the far end took up; durations are counted from here. */
    answeredAt: moment('answered_at'),
    endTime: moment('end_time'),
    /** Whole seconds; 0 when nobody answered. */
    duration: integer('duration').notNull().default(0),
    endReason: text('end_reason'),
    provider: text('provider').notNull(),
    /** What the provider calls it; null until it has taken it. */
    sessionId: text('session_id'),
    sdpOffer: text('sdp_offer'),
    sdpAnswer: text('sdp_answer'),
    idempotencyKey: text('idempotency_key'),
    /** The video call that the number was dialled into; null for a plain phone call. */
    roomId: text('room_id'),
    isRecorded: boolean('is_recorded').notNull().default(false),
    /** When a server last had it in its hands: of a call that died with its server nobody knows more. */
    seenAt: moment('seen_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex(PHONE_CALLS_LIVE_USER_CONSTRAINT)
      .on(table.userId)
      .where(sql`status not in ('completed', 'failed') and room_id is null`),
    uniqueIndex(PHONE_CALLS_IDEMPOTENCY_CONSTRAINT).on(table.userId, table.idempotencyKey),
    index('calls_session_id_idx').on(table.sessionId),
    index('calls_user_newest_idx').on(
      table.userId,
      table.startTime.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('calls_live_idx').on(table.id).where(sql`status not in ('completed', 'failed')`),
    check(
      'calls_status_check',
      sql`status in ('initialized', 'connecting', 'active', 'completed', 'failed')`,
    ),
    check('calls_duration_check', sql`duration >= 0`),
  ],
);

export type PhoneCallRow = typeof phoneCalls.$inferSelect;
export type NewPhoneCallRow = typeof phoneCalls.$inferInsert;
