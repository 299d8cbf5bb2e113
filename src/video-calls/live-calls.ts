/** What the service keeps of the calls that live: their row, their journal, and those of an earlier run that may still return. */
import type { CallRow } from '../db/index.ts';
import type { Call, CallRegistry } from '../engine/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import { CallJournal, type JournalWriter } from './journal/index.ts';
import type { CallRepository, StayTotals } from './repository.ts';

interface LiveCall {
  readonly call: Call;
  readonly journal: CallJournal;
  row: CallRow;
}

interface LiveCallsDeps {
  readonly repository: CallRepository;
  readonly writer: JournalWriter;
  readonly registry: CallRegistry;
  readonly logger: Logger;
}

/** Whoever lists calls would rather see those of a moment ago than nothing. */
const CATCH_UP_MS = 250;

export class LiveCalls {
  readonly #repository: CallRepository;
  readonly #writer: JournalWriter;
  readonly #logger: Logger;
  /** By call id: from the opening until the end is written. */
  readonly #calls = new Map<string, LiveCall>();
  readonly #abandoned = new Set<Timer>();
  readonly #registry: CallRegistry;
  readonly #abandonedAfterMs: number;

  constructor(deps: LiveCallsDeps, abandonedAfterMs: number) {
    this.#repository = deps.repository;
    this.#writer = deps.writer;
    this.#registry = deps.registry;
    this.#logger = deps.logger;
    this.#abandonedAfterMs = abandonedAfterMs;
  }

  /** Starts the journal of a call that was just opened. A row that is not saved yet is written with the first participant. */
  adopt(call: Call, row: CallRow, { isSaved }: { isSaved: boolean }): void {
    const journal = new CallJournal({
      call,
      writer: this.#writer,
      ...(isSaved ? {} : { unsavedRow: row }),
    });
    this.#calls.set(call.callId, { call, journal, row });
    call.events.on('ended', () => {
      runInBackground(
        journal.idle().then(() => this.#calls.delete(call.callId)),
        'closing the journal of a call',
        this.#logger,
      );
    });
  }

  row(call: Call): CallRow {
    const live = this.#calls.get(call.callId);
    if (!live) throw new Error(`the call ${call.callId} was never adopted`);
    return live.row;
  }

  /** The row of a call that lives, on its way into the database if it was not there yet. */
  savedRow(call: Call): CallRow {
    const row = this.row(call);
    this.#calls.get(call.callId)?.journal.saveCall();
    return row;
  }

  /** The call, while it lives. */
  byCallId(callId: string): Call | undefined {
    const call = this.#calls.get(callId)?.call;
    return call?.isEnded ? undefined : call;
  }

  /** Takes over a row that was changed. */
  refresh(row: CallRow): void {
    const live = this.#calls.get(row.id);
    if (!live) return;
    live.row = row;
    live.call.maxParticipants = row.maxParticipants;
  }

  async written(callId: string): Promise<void> {
    await this.#calls.get(callId)?.journal.idle();
  }

  /** By stay: what those who are in the call have come to so far. */
  async presentTotals(callId: string): Promise<ReadonlyMap<string, StayTotals>> {
    return (await this.#calls.get(callId)?.journal.presentTotals()) ?? new Map();
  }

  /** Resolves when all that happened in calls of this room id is written. */
  async allWritten(roomId: string): Promise<void> {
    const journals = [...this.#calls.values()].filter(({ call }) => call.roomId === roomId);
    await Promise.all(journals.map(({ journal }) => journal.idle()));
  }

  /** Resolves when what happened in all calls is written; does not wait long for a database that is away. */
  async caughtUp(): Promise<void> {
    await Promise.race([this.#writer.flush(), Bun.sleep(CATCH_UP_MS)]);
  }

  /** Ends calls that lost their server or their media when nobody has taken them up again in time. */
  watchAbandoned(rows: readonly CallRow[]): void {
    for (const { id, roomId } of rows) {
      const timer = setTimeout(() => {
        this.#abandoned.delete(timer);
        const endIfAbandoned = async () => {
          if (this.#registry.get(roomId)?.callId !== id) await this.#repository.end(id, 'empty', new Date());
        };
        runInBackground(
          this.#registry.exclusively(roomId, endIfAbandoned),
          'ending an abandoned call',
          this.#logger,
        );
      }, this.#abandonedAfterMs);
      this.#abandoned.add(timer);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#abandoned) clearTimeout(timer);
    this.#abandoned.clear();
    await Promise.all([...this.#calls.values()].map(({ journal }) => journal.idle()));
  }
}
