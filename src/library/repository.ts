/** Recordings and their files as rows: every query of the library, and nothing but queries. */
import {
  and,
  count,
  desc,
  eq,
  exists,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import {
  type CallRow,
  callParticipants,
  type NewRecordingRow,
  type Orm,
  RECORDINGS_RUNNING_CALL_CONSTRAINT,
  type RecordingFileRow,
  type RecordingRow,
  recordingFiles,
  recordings,
  videoCalls,
  violatedConstraint,
} from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { AppError } from '../lib/index.ts';

export interface RecordingFilter {
  /** Only what this user owns, and of calls that they made, took part in or are invited to. */
  readonly visibleTo?: string;
  /** And besides all of these kinds. */
  readonly orKinds?: readonly RecordingRow['kind'][];
  readonly kinds?: readonly RecordingRow['kind'][] | undefined;
  readonly status?: RecordingRow['status'] | undefined;
  readonly roomId?: string | undefined;
}

export interface FoundRecording {
  readonly row: RecordingRow;
  readonly files: readonly RecordingFileRow[];
}

/** What a recording came to. */
export type Outcome = Pick<
  RecordingRow,
  'duration' | 'fileSize' | 'filePath' | 'trackCount' | 'storage' | 'startedAt'
>;

export class RecordingRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** Throws `conflict` while another recording of the call runs. */
  async insert(row: NewRecordingRow): Promise<void> {
    try {
      await this.#orm.insert(recordings).values(row);
    } catch (error) {
      if (violatedConstraint(error) !== RECORDINGS_RUNNING_CALL_CONSTRAINT) throw error;
      throw new AppError('conflict', 'The call is being recorded already.');
    }
  }

  /** One that is not deleted. */
  async find(id: string): Promise<FoundRecording | undefined> {
    const [found] = await this.#withFiles(await this.#select(and(eq(recordings.id, id), isThere())));
    return found;
  }

  /** Whatever became of it. */
  async findRow(id: string): Promise<RecordingRow | undefined> {
    const [row] = await this.#select(eq(recordings.id, id));
    return row;
  }

  /** The newest recording of this call. */
  async findNewestOfCall(callId: string): Promise<RecordingRow | undefined> {
    const [row] = await this.#select(and(eq(recordings.callId, callId), isThere())).limit(1);
    return row;
  }

  /** Newest first. */
  async list(
    filter: RecordingFilter,
    { page, limit }: Page,
  ): Promise<{ found: FoundRecording[]; total: number }> {
    const where = and(
      isThere(),
      filter.kinds && inArray(recordings.kind, [...filter.kinds]),
      filter.status && eq(recordings.status, filter.status),
      filter.roomId === undefined ? undefined : eq(recordings.roomId, filter.roomId),
      filter.visibleTo === undefined
        ? undefined
        : or(
            this.#isVisibleTo(filter.visibleTo),
            filter.orKinds && inArray(recordings.kind, [...filter.orKinds]),
          ),
    );
    const rows = await this.#select(where)
      .limit(limit)
      .offset((page - 1) * limit);
    const [counted] = await this.#orm.select({ total: count() }).from(recordings).where(where);
    return { found: await this.#withFiles(rows), total: counted?.total ?? 0 };
  }

  /** Those that are neither completed nor failed. */
  findUnfinished(): Promise<RecordingRow[]> {
    return this.#select(and(isThere(), inArray(recordings.status, ['recording', 'processing'])));
  }

  /** Those whose deletion has begun. */
  findDeleted(): Promise<RecordingRow[]> {
    return this.#select(isNotNull(recordings.deletedAt));
  }

  /** Those that ended before this moment, and are done. */
  findOlderThan(moment: Date): Promise<RecordingRow[]> {
    const isDone = inArray(recordings.status, ['completed', 'failed']);
    return this.#select(and(isThere(), isDone, lt(recordings.updatedAt, moment)));
  }

  /** Nothing more is captured. One that is past that stays as it is. */
  async endCapture(id: string): Promise<void> {
    await this.#orm
      .update(recordings)
      .set({ status: 'processing', phase: 'waiting', progress: 0, failureReason: null })
      .where(and(eq(recordings.id, id), eq(recordings.status, 'recording')));
  }

  /** Takes one up again that failed, or waits after an attempt that did; false for others. */
  async beginAgain(id: string): Promise<boolean> {
    const changed = await this.#orm
      .update(recordings)
      .set({ status: 'processing', phase: 'waiting', progress: 0, failureReason: null, completedAt: null })
      .where(and(eq(recordings.id, id), or(eq(recordings.status, 'failed'), isWaitingAgain()), isThere()))
      .returning({ id: recordings.id });
    return changed.length > 0;
  }

  /** How far the making of the files is; of one that is not made any more nothing changes. */
  async noteProgress(
    id: string,
    change: Pick<RecordingRow, 'phase' | 'progress'> & { readonly failureReason?: string },
  ): Promise<void> {
    await this.#orm
      .update(recordings)
      .set(change)
      .where(and(eq(recordings.id, id), eq(recordings.status, 'processing')));
  }

  /** All at once: there is no completed recording without its files. */
  async complete(id: string, outcome: Outcome, files: readonly RecordingFileRow[]): Promise<void> {
    await this.#orm.transaction(async (tx) => {
      await tx.delete(recordingFiles).where(eq(recordingFiles.recordingId, id));
      if (files.length > 0) await tx.insert(recordingFiles).values([...files]);
      await tx
        .update(recordings)
        .set({
          ...outcome,
          status: 'completed',
          phase: null,
          progress: 1,
          failureReason: null,
          completedAt: new Date(),
        })
        .where(and(eq(recordings.id, id), ne(recordings.status, 'completed')));
    });
  }

  async fail(id: string, failureReason: string): Promise<void> {
    await this.#orm
      .update(recordings)
      .set({ status: 'failed', phase: null, failureReason, completedAt: new Date() })
      .where(and(eq(recordings.id, id), ne(recordings.status, 'completed')));
  }

  /** From here on it is not there any more. */
  async markDeleted(id: string): Promise<void> {
    await this.#orm
      .update(recordings)
      .set({ deletedAt: new Date() })
      .where(and(eq(recordings.id, id), isThere()));
  }

  /** With the rows of its files. */
  async remove(id: string): Promise<void> {
    await this.#orm.delete(recordings).where(eq(recordings.id, id));
  }

  /** The call that was recorded, and whether the user was in it. */
  async findCall(
    callId: string,
    userId: string,
  ): Promise<{ call: CallRow; hasTakenPart: boolean } | undefined> {
    const [call] = await this.#orm.select().from(videoCalls).where(eq(videoCalls.id, callId));
    if (!call) return undefined;
    const [stay] = await this.#orm
      .select({ id: callParticipants.id })
      .from(callParticipants)
      .where(and(eq(callParticipants.callId, callId), eq(callParticipants.userId, userId)))
      .limit(1);
    return { call, hasTakenPart: stay !== undefined };
  }

  #select(where: SQL | undefined) {
    return this.#orm
      .select()
      .from(recordings)
      .where(where)
      .orderBy(desc(recordings.startedAt), desc(recordings.id))
      .$dynamic();
  }

  async #withFiles(rows: readonly RecordingRow[]): Promise<FoundRecording[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const files = await this.#orm
      .select()
      .from(recordingFiles)
      .where(inArray(recordingFiles.recordingId, ids))
      .orderBy(recordingFiles.name);
    const byRecording = Map.groupBy(files, ({ recordingId }) => recordingId);
    return rows.map((row) => ({ row, files: byRecording.get(row.id) ?? [] }));
  }

  #isVisibleTo(userId: string): SQL | undefined {
    const ownStays = this.#orm
      .select({ one: sql`1` })
      .from(callParticipants)
      .where(and(eq(callParticipants.callId, videoCalls.id), eq(callParticipants.userId, userId)));
    const visibleCalls = this.#orm
      .select({ one: sql`1` })
      .from(videoCalls)
      .where(
        and(
          eq(videoCalls.id, recordings.callId),
          or(eq(videoCalls.createdBy, userId), sql`${userId} = any(${videoCalls.invited})`, exists(ownStays)),
        ),
      );
    return or(eq(recordings.ownerId, userId), exists(visibleCalls));
  }
}

function isWaitingAgain(): SQL | undefined {
  return and(
    eq(recordings.status, 'processing'),
    eq(recordings.phase, 'waiting'),
    isNotNull(recordings.failureReason),
  );
}

function isThere(): SQL {
  return isNull(recordings.deletedAt);
}
