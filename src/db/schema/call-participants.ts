/** The table of who was in a call and when: one row a stay, so one who leaves and returns has two. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, real, text, uuid } from 'drizzle-orm/pg-core';
import { newId } from '../../lib/index.ts';
import { moment } from './timestamp.ts';
import { videoCalls } from './video-calls.ts';

export const callParticipants = pgTable(
  'call_participants',
  {
    id: uuid('id').primaryKey().$defaultFn(newId),
    callId: uuid('call_id')
      .notNull()
      .references(() => videoCalls.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    name: text('name'),
    role: text('role').notNull().default('participant'),
    /** The recorder and viewers: neither listed nor counted. */
    hidden: boolean('hidden').notNull().default(false),
    metadata: jsonb('metadata').$type<unknown>().notNull().default({}),
    joinedAt: moment('joined_at').notNull().defaultNow(),
    leftAt: moment('left_at'),
    leaveReason: text('leave_reason'),
    // What the stay came to. Written at its end: zero until then, and for one that a killed server left open.
    talkTimeMs: integer('talk_time_ms').notNull().default(0),
    chatMessages: integer('chat_messages').notNull().default(0),
    /** From the client to the server. */
    bytesReceived: bigint('bytes_received', { mode: 'number' }).notNull().default(0),
    bytesSent: bigint('bytes_sent', { mode: 'number' }).notNull().default(0),
    /** Transmission quality of what was published, 0 to 10, over time; null when nothing was. */
    averageScore: real('average_score'),
    /** How often they came back on another socket. */
    reconnects: integer('reconnects').notNull().default(0),
  },
  (table) => [
    index('call_participants_call_id_idx').on(table.callId, table.joinedAt),
    index('call_participants_user_id_idx').on(table.userId, table.joinedAt.desc().nullsFirst()),
    index('call_participants_present_idx').on(table.callId).where(sql`left_at is null`),
  ],
);

export type CallParticipantRow = typeof callParticipants.$inferSelect;
export type NewCallParticipantRow = typeof callParticipants.$inferInsert;
