/** Streaming sessions as rows: every query of them, and nothing but queries. */
import { and, asc, eq, lt, ne, notInArray } from 'drizzle-orm';
import {
  type NewStreamingSessionRow,
  type Orm,
  type SessionOperatorRow,
  type StreamingSessionRow,
  sessionOperators,
  streamingSessions,
} from '../db/index.ts';

export class StreamingSessionRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  async insert(row: NewStreamingSessionRow): Promise<StreamingSessionRow> {
    const [inserted] = await this.#orm.insert(streamingSessions).values(row).returning();
    if (!inserted) throw new Error('the inserted session was not returned');
    return inserted;
  }

  async find(id: string): Promise<StreamingSessionRow | undefined> {
    const [row] = await this.#orm.select().from(streamingSessions).where(eq(streamingSessions.id, id));
    return row;
  }

  async findActiveIds(): Promise<string[]> {
    const rows = await this.#orm
      .select({ id: streamingSessions.id })
      .from(streamingSessions)
      .where(eq(streamingSessions.status, 'active'));
    return rows.map(({ id }) => id);
  }

  /** Only a session that waits becomes active. */
  async activate(id: string, startedAt: Date): Promise<void> {
    await this.#orm
      .update(streamingSessions)
      .set({ status: 'active', startedAt })
      .where(and(eq(streamingSessions.id, id), eq(streamingSessions.status, 'waiting')));
  }

  /** A session that is finished stays as it is. */
  async finish(id: string, finishReason: string, finishedAt: Date): Promise<void> {
    await this.#orm
      .update(streamingSessions)
      .set({ status: 'finished', finishReason, finishedAt })
      .where(and(eq(streamingSessions.id, id), ne(streamingSessions.status, 'finished')));
  }

  /** Finishes those that still wait for their first source and were created before this moment; gives their ids. */
  async finishUnused(
    createdBefore: Date,
    finish: { readonly reason: string; readonly at: Date; readonly except: readonly string[] },
  ): Promise<string[]> {
    const rows = await this.#orm
      .update(streamingSessions)
      .set({ status: 'finished', finishReason: finish.reason, finishedAt: finish.at })
      .where(
        and(
          eq(streamingSessions.status, 'waiting'),
          lt(streamingSessions.createdAt, createdBefore),
          finish.except.length === 0 ? undefined : notInArray(streamingSessions.id, [...finish.except]),
        ),
      )
      .returning({ id: streamingSessions.id });
    return rows.map(({ id }) => id);
  }

  /** The first time counts. */
  async addOperator(sessionId: string, userId: string): Promise<void> {
    await this.#orm.insert(sessionOperators).values({ sessionId, userId }).onConflictDoNothing();
  }

  /** In the order in which they first came. */
  listOperators(sessionId: string): Promise<SessionOperatorRow[]> {
    return this.#orm
      .select()
      .from(sessionOperators)
      .where(eq(sessionOperators.sessionId, sessionId))
      .orderBy(asc(sessionOperators.joinedAt), asc(sessionOperators.userId));
  }
}
