/** Phone calls as rows: every query of them, and nothing but queries. */
import { and, count, desc, eq, gte, inArray, lt, notInArray, type SQL } from 'drizzle-orm';
import {
  type NewPhoneCallRow,
  type Orm,
  PHONE_CALLS_IDEMPOTENCY_CONSTRAINT,
  PHONE_CALLS_LIVE_USER_CONSTRAINT,
  type PhoneCallRow,
  phoneCalls,
  violatedConstraint,
} from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { AppError } from '../lib/index.ts';

const ENDED: PhoneCallRow['status'][] = ['completed', 'failed'];

export class PhoneCallRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** Rejects with `call_already_active` while the user has another one, and with `conflict` when the key was used before. */
  async insert(row: NewPhoneCallRow): Promise<PhoneCallRow> {
    try {
      const [inserted] = await this.#orm.insert(phoneCalls).values(row).returning();
      if (!inserted) throw new Error('the insert of a phone call gave no row');
      return inserted;
    } catch (error) {
      const constraint = violatedConstraint(error);
      if (constraint === PHONE_CALLS_IDEMPOTENCY_CONSTRAINT)
        throw new AppError('conflict', 'A call with this Idempotency-Key is just being made.');
      if (constraint !== PHONE_CALLS_LIVE_USER_CONSTRAINT) throw error;
      throw new AppError('call_already_active', 'You have a call that has not ended: terminate it first.');
    }
  }

  async find(id: string): Promise<PhoneCallRow | undefined> {
    const [row] = await this.#orm.select().from(phoneCalls).where(eq(phoneCalls.id, id));
    return row;
  }

  async findByKey(userId: string, idempotencyKey: string): Promise<PhoneCallRow | undefined> {
    const [row] = await this.#orm
      .select()
      .from(phoneCalls)
      .where(and(eq(phoneCalls.userId, userId), eq(phoneCalls.idempotencyKey, idempotencyKey)));
    return row;
  }

  /** Newest first; of everybody when no user is named. */
  async list(
    userId: string | undefined,
    { page, limit }: Page,
  ): Promise<{ rows: PhoneCallRow[]; total: number }> {
    const where = userId === undefined ? undefined : eq(phoneCalls.userId, userId);
    const rows = await this.#orm
      .select()
      .from(phoneCalls)
      .where(where)
      .orderBy(desc(phoneCalls.startTime), desc(phoneCalls.id))
      .limit(limit)
      .offset((page - 1) * limit);
    const [counted] = await this.#orm.select({ total: count() }).from(phoneCalls).where(where);
    return { rows, total: counted?.total ?? 0 };
  }

  /** How many calls the user has begun since a moment. */
  async countSince(userId: string, since: Date): Promise<number> {
    const [counted] = await this.#orm
      .select({ total: count() })
      .from(phoneCalls)
      .where(and(eq(phoneCalls.userId, userId), gte(phoneCalls.startTime, since)));
    return counted?.total ?? 0;
  }

  /** Those that have not ended and were last seen before this moment. */
  findForgotten(seenBefore: Date): Promise<PhoneCallRow[]> {
    return this.#orm
      .select()
      .from(phoneCalls)
      .where(and(isLive(), lt(phoneCalls.seenAt, seenBefore)));
  }

  /** Changes one that has not ended; false when it has. */
  async save(id: string, change: Partial<NewPhoneCallRow>): Promise<boolean> {
    const changed = await this.#orm
      .update(phoneCalls)
      .set(change)
      .where(and(eq(phoneCalls.id, id), isLive()))
      .returning({ id: phoneCalls.id });
    return changed.length > 0;
  }

  async noteSeen(ids: readonly string[], at: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.#orm
      .update(phoneCalls)
      .set({ seenAt: at })
      .where(and(inArray(phoneCalls.id, [...ids]), isLive()));
  }
}

function isLive(): SQL {
  return notInArray(phoneCalls.status, ENDED);
}
