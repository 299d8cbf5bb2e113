/** Writes down what happens in one live call, in order and behind its back: nobody in the call waits for the database. */
import { type NewCallRow, toUnavailable } from '../db/index.ts';
import type { Call, Participant } from '../engine/index.ts';
import { retry, SerialQueue } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import type { CallEndReason } from '../protocol/index.ts';
import { CallMeter, type Counted } from './attendance/call-meter.ts';
import type { CallRepository, StayTotals } from './repository.ts';

/**
 * A database that is away for half a minute costs nothing; what cannot be written even then is logged and given up. What it
 * refuses is given up at once: whoever asks for the call waits for what is still to be written.
 */
const RETRY = {
  attempts: 8,
  firstDelayMs: 250,
  isFinal: (error: unknown) => toUnavailable(error) === undefined,
};

export interface JournalOptions {
  readonly call: Call;
  readonly repository: CallRepository;
  readonly logger: Logger;
  /** The row to insert with the first participant, for a call that came into being by being joined. */
  readonly unsavedRow?: NewCallRow | undefined;
}

export class CallJournal {
  readonly #call: Call;
  readonly #repository: CallRepository;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #present = new Set<Participant>();
  readonly #meter: CallMeter;
  #unsavedRow: NewCallRow | undefined;
  #isInhabited = false;

  constructor(options: JournalOptions) {
    this.#call = options.call;
    this.#repository = options.repository;
    this.#logger = options.logger.child({ callId: options.call.callId });
    this.#unsavedRow = options.unsavedRow;
    this.#meter = new CallMeter(options.call);
    const { events } = options.call;
    events.on('participantJoined', (participant) => this.#joined(participant));
    events.on('participantLeft', ({ participant, reason }) => this.#left(participant, reason));
    events.on('ended', (reason) => this.#ended(reason));
  }

  /** By stay: what those of the present ones have come to so far. */
  async presentTotals(): Promise<Map<string, StayTotals>> {
    const present = [...this.#present].map(async (participant) => {
      const counted = this.#meter.read(participant.userId);
      return [participant.id, await totalsOf(participant, counted)] as const;
    });
    return new Map(await Promise.all(present));
  }

  /** Resolves when everything that happened so far is written, or given up. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Writes down a call that came into being by being joined, before its first participant is there. */
  saveCall(): void {
    const row = this.#unsavedRow;
    this.#unsavedRow = undefined;
    if (row) this.#write('a new call', () => this.#repository.insert(row));
  }

  #joined(participant: Participant): void {
    this.#present.add(participant);
    if (!this.#isInhabited) this.#activate(participant.joinedAt);
    this.#write('a participant that joined', () =>
      this.#repository.insertStay({
        id: participant.id,
        callId: this.#call.callId,
        userId: participant.userId,
        name: participant.name,
        role: participant.permissions.moderate ? 'host' : 'participant',
        hidden: participant.isHidden,
        metadata: participant.metadata,
        joinedAt: participant.joinedAt,
      }),
    );
  }

  #activate(startedAt: Date): void {
    this.#isInhabited = true;
    const row = this.#unsavedRow;
    this.#unsavedRow = undefined;
    if (row) {
      this.#write('a new call', () => this.#repository.insert({ ...row, status: 'active', startedAt }));
    } else {
      this.#write('that the call is active', () => this.#repository.activate(this.#call.callId, startedAt));
    }
  }

  #left(participant: Participant, reason: string): void {
    const leftAt = new Date();
    this.#present.delete(participant);
    const counted = this.#meter.take(participant.userId);
    this.#write('a participant that left', async () => {
      const totals = await totalsOf(participant, counted);
      await this.#repository.endStay(participant.id, { leaveReason: reason, leftAt, ...totals });
    });
  }

  /** A call into which nobody ever came stays scheduled; one that lost its server is taken up again. */
  #ended(reason: CallEndReason): void {
    if (reason === 'server-stopped') return;
    if (reason === 'empty' && !this.#isInhabited) return;
    const endedAt = new Date();
    this.#write('the end of the call', () => this.#repository.end(this.#call.callId, reason, endedAt));
  }

  #write(what: string, task: () => Promise<unknown>): void {
    this.#queue
      .run(() => retry(task, RETRY))
      .catch((error: unknown) => this.#logger.error({ err: error }, `could not write down ${what}`));
  }
}

async function totalsOf(participant: Participant, counted: Counted): Promise<StayTotals> {
  const { bytes, averageScore } = await participant.totals();
  const { reconnects } = participant;
  return { ...counted, reconnects, bytesReceived: bytes.received, bytesSent: bytes.sent, averageScore };
}
