/** The table of live streams that were ever told of: it outlives their recordings, so that none is recorded twice. */
import { index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { recordings } from './recordings.ts';
import { moment } from './timestamp.ts';

/** Violated (SQLSTATE 23505) by a second recording that wants to be stored in the same place. */
export const LIVE_STREAMS_OBJECT_KEY_CONSTRAINT = 'live_streams_object_key_key';

export const liveStreams = pgTable(
  'live_streams',
  {
    /** As the stream service names it. */
    streamId: text('stream_id').primaryKey(),
    streamKey: text('stream_key').notNull(),
    /** Null when it was deleted. */
    recordingId: uuid('recording_id').references(() => recordings.id, { onDelete: 'set null' }),
    /** Null: its playlist is in the bucket. */
    playlistUrl: text('playlist_url'),
    /** By the clock of the stream service; null when only its end was told. */
    startedAt: moment('started_at'),
    /** Null while it is live. */
    endedAt: moment('ended_at'),
    /** What lay in the bucket until then is of this stream, or of one before it. */
    takenUntil: moment('taken_until'),
    /** Where its recording is stored: nobody else's is. */
    objectKey: text('object_key'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    unique(LIVE_STREAMS_OBJECT_KEY_CONSTRAINT).on(table.objectKey),
    index('live_streams_stream_key_idx').on(table.streamKey),
    index('live_streams_recording_id_idx').on(table.recordingId),
  ],
);

export type LiveStreamRow = typeof liveStreams.$inferSelect;
