/** The table of recordings of every kind: one row from the moment that one begins until it is deleted. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { newId } from '../../lib/index.ts';
import { moment } from './timestamp.ts';
import { videoCalls } from './video-calls.ts';

export const RECORDING_KINDS = ['call', 'ingest', 'live', 'phone'] as const;
export const recordingStatus = pgEnum('recording_status', ['recording', 'processing', 'completed', 'failed']);

/** Violated (SQLSTATE 23505) by a second recording of a call while one runs. */
export const RECORDINGS_RUNNING_CALL_CONSTRAINT = 'recordings_running_call_key';

export const recordings = pgTable(
  'recordings',
  {
    id: uuid('id').primaryKey().$defaultFn(newId),
    kind: text('kind', { enum: RECORDING_KINDS }).notNull(),
    /** The stream that was recorded, as its own system names it. */
    streamId: text('stream_id'),
    /** Where it went in a library of videos, as that one names it. */
    videoId: text('video_id'),
    /** Where the main file is: bucket or folder, and key. Empty until it is there. */
    filePath: text('file_path').notNull().default(''),
    /** Seconds. */
    duration: integer('duration').notNull().default(0),
    /** Bytes of all files. */
    fileSize: bigint('file_size', { mode: 'number' }).notNull().default(0),
    status: recordingStatus('status').notNull().default('recording'),
    startedAt: moment('started_at').notNull().defaultNow(),
    completedAt: moment('completed_at'),
    callId: uuid('call_id').references(() => videoCalls.id, { onDelete: 'set null' }),
    roomId: text('room_id'),
    ownerId: text('owner_id'),
    name: text('name').notNull().default(''),
    /** What is being done now; null when nothing is. */
    phase: text('phase'),
    /** 0 to 1. */
    progress: real('progress').notNull().default(0),
    failureReason: text('failure_reason'),
    /** How it is to be made: layout, format and the rest. */
    plan: jsonb('plan').$type<unknown>().notNull().default({}),
    trackCount: integer('track_count').notNull().default(0),
    /** The provider that has the files. */
    storage: text('storage'),
    /** Set first when it is deleted: from then on it is not there, and what is left of it goes. */
    deletedAt: moment('deleted_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at')
      .notNull()
      .defaultNow()
      .$onUpdate(() => new Date()),
  },
  (table) => [
    index('idx_recordings_stream_id').on(table.streamId),
    index('idx_recordings_status').on(table.status),
    index('idx_recordings_video_id').on(table.videoId),
    index('recordings_call_id_idx').on(table.callId),
    index('recordings_newest_idx').on(table.startedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('recordings_owner_newest_idx').on(
      table.ownerId,
      table.startedAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    uniqueIndex(RECORDINGS_RUNNING_CALL_CONSTRAINT)
      .on(table.callId)
      .where(sql`status = 'recording' and deleted_at is null`),
    check('recordings_kind_check', sql`kind in ('call', 'ingest', 'live', 'phone')`),
    check('recordings_progress_check', sql`progress between 0 and 1`),
  ],
);

export type RecordingRow = typeof recordings.$inferSelect;
export type NewRecordingRow = typeof recordings.$inferInsert;
