/** Calls and stays as rows: every query of the video calls, and nothing but queries. */
import { and, asc, count, desc, eq, exists, gte, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import {
  CALLS_LIVE_ROOM_ID_CONSTRAINT,
  type CallParticipantRow,
  type CallRow,
  callParticipants,
  type NewCallRow,
  type Orm,
  videoCalls,
  violatedConstraint,
} from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { AppError } from '../lib/index.ts';

export interface CallFilter {
  /** Only calls that this user made, takes or took part in, or is invited to. */
  readonly visibleTo?: string;
  readonly status?: CallRow['status'] | undefined;
  readonly type?: string | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

/** What a stay came to. */
export type StayTotals = Pick<
  CallParticipantRow,
  'talkTimeMs' | 'chatMessages' | 'bytesReceived' | 'bytesSent' | 'averageScore' | 'reconnects'
>;

export class CallRepository {
  readonly #orm: Orm;
  /** Asked by whoever opens a room, so it is built once. */
  readonly #newest: ReturnType<typeof prepareNewest>;

  constructor(orm: Orm) {
    this.#orm = orm;
    this.#newest = prepareNewest(orm);
  }

  /** Throws `call_exists` when a call of this room id has not ended. */
  async insert(row: NewCallRow): Promise<CallRow> {
    try {
      const [inserted] = await this.#orm.insert(videoCalls).values(row).returning();
      if (!inserted) throw new Error('the inserted call was not returned');
      return inserted;
    } catch (error) {
      if (violatedConstraint(error) === CALLS_LIVE_ROOM_ID_CONSTRAINT) {
        throw callExists(row.roomId);
      }
      throw error;
    }
  }

  /** The newest call of this room id, ended or not. */
  async findNewest(roomId: string): Promise<CallRow | undefined> {
    const [row] = await this.#newest.execute({ roomId });
    return row;
  }

  async list(filter: CallFilter, { page, limit }: Page): Promise<{ rows: CallRow[]; total: number }> {
    const where = this.#where(filter);
    const rows = await this.#orm
      .select()
      .from(videoCalls)
      .where(where)
      .orderBy(desc(videoCalls.createdAt), desc(videoCalls.id))
      .limit(limit)
      .offset((page - 1) * limit);
    const [counted] = await this.#orm.select({ total: count() }).from(videoCalls).where(where);
    return { rows, total: counted?.total ?? 0 };
  }

  async update(
    callId: string,
    change: Partial<Pick<NewCallRow, 'title' | 'settings' | 'invited' | 'metadata' | 'maxParticipants'>>,
  ): Promise<CallRow | undefined> {
    const [row] = await this.#orm
      .update(videoCalls)
      .set(change)
      .where(and(eq(videoCalls.id, callId), ne(videoCalls.status, 'ended')))
      .returning();
    return row;
  }

  /** Ends the call and the stays that are still open. A call that has ended stays as it is. */
  async end(callId: string, endReason: string, endedAt: Date): Promise<void> {
    await this.#orm.transaction((tx) => endCall(tx, callId, endReason, endedAt));
  }

  findActive(): Promise<CallRow[]> {
    return this.#orm.select().from(videoCalls).where(eq(videoCalls.status, 'active'));
  }

  /** Closes the stays that an earlier run of the server left open. */
  async endOpenStays(leaveReason: string, leftAt: Date): Promise<void> {
    await this.#orm
      .update(callParticipants)
      .set({ leftAt, leaveReason })
      .where(isNull(callParticipants.leftAt));
  }

  /** In the order in which they came. */
  async listStays(
    filter: { readonly callId: string; readonly withHidden: boolean },
    { page, limit }: Page,
  ): Promise<{ rows: CallParticipantRow[]; total: number }> {
    const where = and(
      eq(callParticipants.callId, filter.callId),
      filter.withHidden ? undefined : eq(callParticipants.hidden, false),
    );
    const rows = await this.#orm
      .select()
      .from(callParticipants)
      .where(where)
      .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id))
      .limit(limit)
      .offset((page - 1) * limit);
    const [counted] = await this.#orm.select({ total: count() }).from(callParticipants).where(where);
    return { rows, total: counted?.total ?? 0 };
  }

  /** All stays that count, in the order in which they came. */
  findStays(callId: string): Promise<CallParticipantRow[]> {
    return this.#orm
      .select()
      .from(callParticipants)
      .where(and(eq(callParticipants.callId, callId), eq(callParticipants.hidden, false)))
      .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id));
  }

  async hasTakenPart(callId: string, userId: string): Promise<boolean> {
    const [row] = await this.#orm
      .select({ id: callParticipants.id })
      .from(callParticipants)
      .where(and(eq(callParticipants.callId, callId), eq(callParticipants.userId, userId)))
      .limit(1);
    return row !== undefined;
  }

  #where(filter: CallFilter): SQL | undefined {
    return and(
      filter.status && eq(videoCalls.status, filter.status),
      filter.type === undefined ? undefined : eq(videoCalls.type, filter.type),
      filter.createdFrom && gte(videoCalls.createdAt, filter.createdFrom),
      filter.createdBefore && lt(videoCalls.createdAt, filter.createdBefore),
      filter.visibleTo === undefined ? undefined : this.#isVisibleTo(filter.visibleTo),
    );
  }

  #isVisibleTo(userId: string): SQL | undefined {
    const ownStays = this.#orm
      .select({ one: sql`1` })
      .from(callParticipants)
      .where(and(eq(callParticipants.callId, videoCalls.id), eq(callParticipants.userId, userId)));
    return or(
      eq(videoCalls.createdBy, userId),
      sql`${userId} = any(${videoCalls.invited})`,
      exists(ownStays),
    );
  }
}

export function callExists(roomId: string): AppError {
  return new AppError('call_exists', `A call with the id "${roomId}" exists and has not ended.`);
}

/** Two statements, for a transaction: see `CallRepository.end`. */
export async function endCall(tx: Orm, callId: string, endReason: string, endedAt: Date): Promise<void> {
  await tx
    .update(videoCalls)
    .set({ status: 'ended', endReason, endedAt })
    .where(and(eq(videoCalls.id, callId), ne(videoCalls.status, 'ended')));
  await tx
    .update(callParticipants)
    .set({ leftAt: endedAt, leaveReason: 'call-ended' })
    .where(and(eq(callParticipants.callId, callId), isNull(callParticipants.leftAt)));
}

function prepareNewest(orm: Orm) {
  return orm
    .select()
    .from(videoCalls)
    .where(eq(videoCalls.roomId, sql.placeholder('roomId')))
    .orderBy(desc(videoCalls.createdAt), desc(videoCalls.id))
    .limit(1)
    .prepare('newest_call_of_room');
}
