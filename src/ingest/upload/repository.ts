/** Uploads as rows: every query of them, and nothing but queries. */
import { and, eq, isNull } from 'drizzle-orm';
import {
  INGEST_SESSIONS_RUNNING_UUID_CONSTRAINT,
  type IngestSessionRow,
  ingestSessions,
  type NewIngestSessionRow,
  type Orm,
  violatedConstraint,
} from '../../db/index.ts';
import { sessionExists } from './refusals.ts';

export class UploadRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** Throws `session_exists` while another one of this uuid runs. */
  async insert(row: NewIngestSessionRow): Promise<void> {
    try {
      await this.#orm.insert(ingestSessions).values(row);
    } catch (error) {
      if (violatedConstraint(error) !== INGEST_SESSIONS_RUNNING_UUID_CONSTRAINT) throw error;
      throw sessionExists();
    }
  }

  findRunning(): Promise<IngestSessionRow[]> {
    return this.#orm.select().from(ingestSessions).where(isNull(ingestSessions.endedAt));
  }

  /** Of one that has ended, or is not there, nothing changes. */
  async end(id: string, endReason: string): Promise<void> {
    await this.#orm
      .update(ingestSessions)
      .set({ endedAt: new Date(), endReason })
      .where(and(eq(ingestSessions.id, id), isNull(ingestSessions.endedAt)));
  }
}
