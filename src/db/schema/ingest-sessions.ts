/** The table of uploads: one row a session, from its beginning until its recording is deleted. */
import { sql } from 'drizzle-orm';
import { jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { recordings } from './recordings.ts';
import { moment } from './timestamp.ts';

/** Violated (SQLSTATE 23505) by a second session with the uuid of one that has not ended. */
export const INGEST_SESSIONS_RUNNING_UUID_CONSTRAINT = 'ingest_sessions_running_uuid_key';

/** What its client said of a server for ICE; never its credential. */
export interface StoredIceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credentialType: number;
}

export const ingestSessions = pgTable(
  'ingest_sessions',
  {
    /** Of its recording it is the id too. */
    id: uuid('id')
      .primaryKey()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    /** As its client calls it; of those that run no two are called the same. */
    uuid: text('uuid'),
    ownerId: text('owner_id').notNull(),
    name: text('name').notNull().default(''),
    iceServers: jsonb('ice_servers').$type<readonly StoredIceServer[]>().notNull().default([]),
    startedAt: moment('started_at').notNull().defaultNow(),
    /** Null while it runs. */
    endedAt: moment('ended_at'),
    endReason: text('end_reason'),
  },
  (table) => [
    uniqueIndex(INGEST_SESSIONS_RUNNING_UUID_CONSTRAINT).on(table.uuid).where(sql`ended_at is null`),
  ],
);

export type IngestSessionRow = typeof ingestSessions.$inferSelect;
export type NewIngestSessionRow = typeof ingestSessions.$inferInsert;
