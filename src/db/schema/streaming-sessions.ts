/** The tables of streaming sessions: one row a session, and one for each user who ever was its operator. */
import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { newId } from '../../lib/index.ts';
import { moment } from './timestamp.ts';

const STATUSES = ['waiting', 'active', 'finished'] as const;

export const streamingSessions = pgTable(
  'streaming_sessions',
  {
    id: uuid('id').primaryKey().$defaultFn(newId),
    /** Whose stream it is: the user id of the source. */
    clientId: text('client_id').notNull(),
    /** SHA-256 of the stream key, in hex. The key itself is known to whoever was given it. */
    streamKeyHash: text('stream_key_hash').notNull(),
    status: text('status', { enum: STATUSES }).notNull().default('waiting'),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** When the source first connected. */
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    finishReason: text('finish_reason'),
  },
  (table) => [
    index('streaming_sessions_open_idx').on(table.status, table.createdAt).where(sql`status <> 'finished'`),
    index('streaming_sessions_client_newest_idx').on(table.clientId, table.createdAt.desc().nullsFirst()),
    check('streaming_sessions_status_check', sql`status in ('waiting', 'active', 'finished')`),
  ],
);

export const sessionOperators = pgTable(
  'session_operators',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => streamingSessions.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    /** When they first connected. */
    joinedAt: moment('joined_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.userId] })],
);

export type StreamingSessionRow = typeof streamingSessions.$inferSelect;
export type NewStreamingSessionRow = typeof streamingSessions.$inferInsert;
export type SessionOperatorRow = typeof sessionOperators.$inferSelect;
