/** The table of the files that came out of a recording. */
import { bigint, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { recordings } from './recordings.ts';

export const recordingFiles = pgTable(
  'recording_files',
  {
    recordingId: uuid('recording_id')
      .notNull()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    /** Unique in its recording. */
    name: text('name').notNull(),
    /** composed, track, audio, thumbnail or manifest. */
    kind: text('kind').notNull(),
    /** Bytes. */
    size: bigint('size', { mode: 'number' }).notNull(),
    /** The media type. */
    type: text('type').notNull(),
    /** Where the storage provider has it. */
    key: text('key').notNull(),
    /** Of its bytes, in hexadecimal digits. */
    sha256: text('sha256').notNull(),
  },
  (table) => [primaryKey({ columns: [table.recordingId, table.name] })],
);

export type RecordingFileRow = typeof recordingFiles.$inferSelect;
