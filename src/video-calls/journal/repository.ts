/** Writes what many journals have to say at once: a statement for each kind of thing, not one for each thing. */
import { and, eq, sql } from 'drizzle-orm';
import { callParticipants, type NewCallRow, type Orm, videoCalls } from '../../db/index.ts';
import { endCall } from '../repository.ts';
import type { JournalEntry, NewStay, StayEnd } from './entry.ts';

export class JournalRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /**
   * Writes all of it or nothing, as if in the order of the entries. No call may begin in it after another of its room id
   * has ended in it. What is written already is left as it is, so the same entries may come twice.
   */
  async write(entries: readonly JournalEntry[]): Promise<void> {
    const steps = stepsOf(entries);
    const [first] = steps;
    // A statement alone is a transaction already; the end of a call is two.
    if (steps.length === 1 && first && entries[0]?.kind !== 'call-end') {
      await first(this.#orm);
      return;
    }
    await this.#orm.transaction(async (tx) => {
      for (const step of steps) await step(tx);
    });
  }
}

type Step = (orm: Orm) => Promise<unknown>;

/** Of one call, what happens to it comes in the order of these steps; between calls the order does not matter. */
function stepsOf(entries: readonly JournalEntry[]): Step[] {
  const newCalls: NewCallRow[] = [];
  const activations: Step[] = [];
  const stays: NewStay[] = [];
  const stayEnds: StayEnd[] = [];
  const callEnds: Step[] = [];
  for (const entry of entries) {
    if (entry.kind === 'call') newCalls.push(entry.row);
    else if (entry.kind === 'activation') activations.push((orm) => activate(orm, entry));
    else if (entry.kind === 'stay') stays.push(entry.row);
    else if (entry.kind === 'stay-end') stayEnds.push(entry.end);
    else callEnds.push((orm) => endCall(orm, entry.callId, entry.reason, entry.endedAt));
  }
  return [
    ...(newCalls.length > 0 ? [(orm: Orm) => insertCalls(orm, newCalls)] : []),
    ...activations,
    ...(stays.length > 0 ? [(orm: Orm) => insertStays(orm, stays)] : []),
    ...(stayEnds.length > 0 ? [(orm: Orm) => endStays(orm, stayEnds)] : []),
    ...callEnds,
  ];
}

async function insertCalls(orm: Orm, rows: NewCallRow[]): Promise<void> {
  await orm.insert(videoCalls).values(rows).onConflictDoNothing({ target: videoCalls.id });
}

/** A call that is active, or has ended, stays as it is. */
async function activate(
  orm: Orm,
  { callId, startedAt }: { readonly callId: string; readonly startedAt: Date },
): Promise<void> {
  await orm
    .update(videoCalls)
    .set({ status: 'active', startedAt })
    .where(and(eq(videoCalls.id, callId), eq(videoCalls.status, 'scheduled')));
}

/** All rows are one parameter: the text of the statement is the same for any number of them, and costs next to nothing. */
async function insertStays(orm: Orm, rows: readonly NewStay[]): Promise<void> {
  await orm.execute(sql`
    insert into ${callParticipants} (id, call_id, user_id, name, role, hidden, metadata, joined_at)
    select id, "callId", "userId", name, role, hidden, metadata, "joinedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as stay(
      id uuid, "callId" uuid, "userId" text, name text, role text, hidden boolean, metadata jsonb,
      "joinedAt" timestamptz)
    on conflict (id) do nothing`);
}

/** A stay that has ended stays as it is. */
async function endStays(orm: Orm, ends: readonly StayEnd[]): Promise<void> {
  await orm.execute(sql`
    update ${callParticipants} as stay
    set left_at = "leftAt", leave_reason = "leaveReason", talk_time_ms = "talkTimeMs",
      chat_messages = "chatMessages", bytes_received = "bytesReceived", bytes_sent = "bytesSent",
      average_score = "averageScore", reconnects = ending.reconnects
    from jsonb_to_recordset(${JSON.stringify(ends)}::text::jsonb) as ending(
      id uuid, "leftAt" timestamptz, "leaveReason" text, "talkTimeMs" integer, "chatMessages" integer,
      "bytesReceived" bigint, "bytesSent" bigint, "averageScore" real, reconnects integer)
    where stay.id = ending.id and stay.left_at is null`);
}
