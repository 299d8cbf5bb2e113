/** The pen of all journals: gathers what they have to say for a moment, and writes it together, in order. */
import { toUnavailable } from '../../db/index.ts';
import { retry, SerialQueue } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { JournalEntry } from './entry.ts';

/**
 * How long what happened may wait for what happens next, in milliseconds. A killed server loses that much at the most;
 * whoever reads does not wait for it, see `flush`.
 */
const GATHER_MS = 50;
/** More is written at once, and then by as many at a time. */
const MAX_ENTRIES = 500;

/**
 * A database that is away for half a minute costs nothing; what cannot be written even then is logged and given up. What it
 * refuses is given up at once: whoever asks for the call waits for what is still to be written.
 */
const RETRY = {
  attempts: 8,
  firstDelayMs: 250,
  isFinal: (error: unknown) => toUnavailable(error) === undefined,
};

export interface EntryStore {
  /** Writes all of it or nothing. */
  write(entries: readonly JournalEntry[]): Promise<void>;
}

export class JournalWriter {
  readonly #store: EntryStore;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  #waiting: JournalEntry[] = [];
  #timer: Timer | undefined;

  constructor(store: EntryStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Writes it down soon. Never throws: what cannot be written is logged and given up. */
  submit(entry: JournalEntry): void {
    // Steps of one batch are not in this order: see `JournalRepository.write`.
    if (entry.kind === 'call' && this.#waiting.some(({ kind }) => kind === 'call-end')) this.#writeWaiting();
    this.#waiting.push(entry);
    if (this.#waiting.length >= MAX_ENTRIES) this.#writeWaiting();
    else this.#timer ??= setTimeout(() => this.#writeWaiting(), GATHER_MS);
  }

  /** Resolves when everything that was submitted so far is written, or given up. */
  async flush(): Promise<void> {
    this.#writeWaiting();
    await this.#queue.idle();
  }

  #writeWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    // Of what `#write` rejects with there is nothing: it logs its failures.
    void this.#queue.run(() => this.#write(entries));
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    try {
      await retry(() => this.#store.write(entries), RETRY);
    } catch (error) {
      const isRefused = RETRY.isFinal(error);
      // One that is refused takes no other with it.
      if (isRefused && entries.length > 1) for (const entry of entries) await this.#write([entry]);
      else for (const entry of entries) this.#giveUp(entry, error);
    }
  }

  #giveUp(entry: JournalEntry, error: unknown): void {
    this.#logger.error({ err: error, callId: callIdOf(entry) }, `could not write down ${NAMES[entry.kind]}`);
  }
}

const NAMES: Readonly<Record<JournalEntry['kind'], string>> = {
  call: 'a new call',
  activation: 'that the call is active',
  stay: 'a participant that joined',
  'stay-end': 'a participant that left',
  'call-end': 'the end of the call',
};

function callIdOf(entry: JournalEntry): string | undefined {
  if (entry.kind === 'call') return entry.row.id;
  if (entry.kind === 'stay') return entry.row.callId;
  return entry.kind === 'stay-end' ? entry.end.callId : entry.callId;
}
