/** The table of video calls: one row a call, from its creation on; a room id may come back once its call has ended. */
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { newId } from '../../lib/index.ts';
import { moment } from './timestamp.ts';

export const CALL_STATUSES = ['scheduled', 'active', 'ended'] as const;
export const CALL_ACCESS_MODES = ['open', 'invited'] as const;

/** Violated (SQLSTATE 23505) by a second call with the room id of one that has not ended. */
export const CALLS_LIVE_ROOM_ID_CONSTRAINT = 'video_calls_live_room_id_key';

export const videoCalls = pgTable(
  'video_calls',
  {
    id: uuid('id').primaryKey().$defaultFn(newId),
    roomId: text('room_id').notNull(),
    title: text('title'),
    type: text('type').notNull().default('video'),
    status: text('status', { enum: CALL_STATUSES }).notNull().default('scheduled'),
    createdBy: text('created_by'),
    access: text('access', { enum: CALL_ACCESS_MODES }).notNull(),
    invited: text('invited').array().notNull().default(sql`'{}'::text[]`),
    maxParticipants: integer('max_participants').notNull().default(50),
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    scheduledAt: moment('scheduled_at'),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    endReason: text('end_reason'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at')
      .notNull()
      .defaultNow()
      .$onUpdate(() => new Date()),
  },
  (table) => [
    uniqueIndex(CALLS_LIVE_ROOM_ID_CONSTRAINT).on(table.roomId).where(sql`status <> 'ended'`),
    index('video_calls_room_id_newest_idx').on(
      table.roomId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('video_calls_created_by_newest_idx').on(
      table.createdBy,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('video_calls_newest_idx').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('video_calls_status_check', sql`status in ('scheduled', 'active', 'ended')`),
    check('video_calls_access_check', sql`access in ('open', 'invited')`),
    check('video_calls_max_participants_check', sql`max_participants > 0`),
  ],
);

export type CallRow = typeof videoCalls.$inferSelect;
export type NewCallRow = typeof videoCalls.$inferInsert;
