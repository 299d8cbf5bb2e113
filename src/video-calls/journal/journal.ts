/** Writes down what happens in one live call, in order and behind its back: nobody in the call waits for the database. */
import type { NewCallRow } from '../../db/index.ts';
import type { Call, Participant } from '../../engine/index.ts';
import { SerialQueue } from '../../lib/index.ts';
import type { CallEndReason } from '../../protocol/index.ts';
import { CallMeter, type Counted } from '../attendance/call-meter.ts';
import type { StayTotals } from '../repository.ts';
import type { JournalEntry } from './entry.ts';
import type { JournalWriter } from './writer.ts';

export interface JournalOptions {
  readonly call: Call;
  readonly writer: JournalWriter;
  /** The row to insert with the first participant, for a call that came into being by being joined. */
  readonly unsavedRow?: NewCallRow | undefined;
}

export class CallJournal {
  readonly #call: Call;
  readonly #writer: JournalWriter;
  /** What is not known yet when it happens holds up what comes after it: the writer is told in order. */
  readonly #queue = new SerialQueue();
  readonly #present = new Set<Participant>();
  readonly #meter: CallMeter;
  #unsavedRow: NewCallRow | undefined;
  #isInhabited = false;

  constructor(options: JournalOptions) {
    this.#call = options.call;
    this.#writer = options.writer;
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
  async idle(): Promise<void> {
    await this.#queue.idle();
    await this.#writer.flush();
  }

  /** Writes down a call that came into being by being joined, before its first participant is there. */
  saveCall(): void {
    const row = this.#unsavedRow;
    this.#unsavedRow = undefined;
    if (row) this.#write({ kind: 'call', row });
  }

  #joined(participant: Participant): void {
    this.#present.add(participant);
    if (!this.#isInhabited) this.#activate(participant.joinedAt);
    this.#write({
      kind: 'stay',
      row: {
        id: participant.id,
        callId: this.#call.callId,
        userId: participant.userId,
        name: participant.name,
        role: participant.permissions.moderate ? 'host' : 'participant',
        hidden: participant.isHidden,
        metadata: participant.metadata,
        joinedAt: participant.joinedAt,
      },
    });
  }

  #activate(startedAt: Date): void {
    this.#isInhabited = true;
    const row = this.#unsavedRow;
    this.#unsavedRow = undefined;
    if (row) this.#write({ kind: 'call', row: { ...row, status: 'active', startedAt } });
    else this.#write({ kind: 'activation', callId: this.#call.callId, startedAt });
  }

  #left(participant: Participant, leaveReason: string): void {
    const leftAt = new Date();
    const { callId } = this.#call;
    this.#present.delete(participant);
    const counted = this.#meter.take(participant.userId);
    this.#write(async () => {
      const totals = await totalsOf(participant, counted);
      return { kind: 'stay-end', end: { id: participant.id, callId, leaveReason, leftAt, ...totals } };
    });
  }

  /** A call into which nobody ever came stays scheduled; one that lost its server is taken up again. */
  #ended(reason: CallEndReason): void {
    if (reason === 'server-stopped') return;
    if (reason === 'empty' && !this.#isInhabited) return;
    this.#write({ kind: 'call-end', callId: this.#call.callId, reason, endedAt: new Date() });
  }

  #write(entry: JournalEntry | (() => Promise<JournalEntry>)): void {
    void this.#queue.run(async () =>
      this.#writer.submit(typeof entry === 'function' ? await entry() : entry),
    );
  }
}

async function totalsOf(participant: Participant, counted: Counted): Promise<StayTotals> {
  const { bytes, averageScore } = await participant.totals();
  const { reconnects } = participant;
  return { ...counted, reconnects, bytesReceived: bytes.received, bytesSent: bytes.sent, averageScore };
}
