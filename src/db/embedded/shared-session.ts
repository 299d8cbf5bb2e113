/** Gives several connections their turns on one PostgreSQL session; owns who is served, so transactions do not mix. */
import type { ConnectionId } from './messages.ts';
import {
  type SessionStatus,
  SYNC,
  setStatusIdle,
  simpleQuery,
  splitUnits,
  statusAtEnd,
  type Unit,
} from './wire.ts';

const ROLLBACK = simpleQuery('ROLLBACK');

export interface SharedSessionOptions {
  /** Runs frontend messages on the session and gives what the server says to them. */
  execute: (bytes: Uint8Array) => Promise<Uint8Array>;
  onAnswer: (connection: ConnectionId, bytes: Uint8Array) => void;
  /** The server could not be run; the connection will get no answer. */
  onFailure: (connection: ConnectionId, error: unknown) => void;
}

type Work =
  | { kind: 'unit'; connection: ConnectionId; unit: Unit }
  | { kind: 'hang-up'; connection: ConnectionId };

export class SharedSession {
  readonly #options: SharedSessionOptions;
  readonly #known = new Set<ConnectionId>();
  #waiting: Work[] = [];
  /** Who is in a transaction or between `Parse` and `Sync`: only this connection is served. */
  #owner: ConnectionId | undefined;
  #status: SessionStatus = 'idle';
  #running: Promise<void> | undefined;

  constructor(options: SharedSessionOptions) {
    this.#options = options;
  }

  /** Whole messages of a connection; its first is the startup message. Answers come in the order of the messages. */
  submit(connection: ConnectionId, bytes: Uint8Array): void {
    const isStartup = !this.#known.has(connection);
    this.#known.add(connection);
    const units = isStartup ? [{ bytes, isText: false }] : splitUnits(bytes);
    for (const unit of units) this.#waiting.push({ kind: 'unit', connection, unit });
    this.#run();
  }

  /** The connection is gone: what it had not yet sent to the server is dropped, its open transaction rolled back. */
  hangUp(connection: ConnectionId): void {
    if (!this.#known.delete(connection)) return;
    this.#waiting = this.#waiting.filter((work) => work.connection !== connection);
    this.#waiting.push({ kind: 'hang-up', connection });
    this.#run();
  }

  /** Resolves when nothing runs that could go on. Never rejects. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #run(): void {
    this.#running ??= this.#serve().finally(() => {
      this.#running = undefined;
      if (this.#canServe()) this.#run();
    });
  }

  #canServe(): boolean {
    return this.#waiting.some((work) => this.#isTurnOf(work.connection));
  }

  #isTurnOf(connection: ConnectionId): boolean {
    return this.#owner === undefined || this.#owner === connection;
  }

  async #serve(): Promise<void> {
    for (;;) {
      const index = this.#waiting.findIndex((work) => this.#isTurnOf(work.connection));
      const [work] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!work) return;
      try {
        if (work.kind === 'unit') await this.#serveUnit(work.connection, work.unit);
        else await this.#cleanAfter(work.connection);
      } catch (error) {
        this.#owner = undefined;
        this.#options.onFailure(work.connection, error);
      }
    }
  }

  async #serveUnit(connection: ConnectionId, unit: Unit): Promise<void> {
    const statusBefore = this.#status;
    const answer = await this.#options.execute(unit.bytes);
    const status = statusAtEnd(answer);
    this.#owner = status === 'idle' ? undefined : connection;
    if (status) this.#status = status;
    // A text that began its own transaction and failed inside it (`BEGIN; …; COMMIT`) would leave the only session
    // there is in a failed transaction, for everybody.
    if (unit.isText && statusBefore === 'idle' && status === 'failed') {
      await this.#rollBack();
      setStatusIdle(answer);
    }
    this.#options.onAnswer(connection, answer);
  }

  async #cleanAfter(connection: ConnectionId): Promise<void> {
    if (this.#owner !== connection) return;
    await this.#options.execute(SYNC);
    await this.#rollBack();
  }

  async #rollBack(): Promise<void> {
    await this.#options.execute(ROLLBACK);
    this.#owner = undefined;
    this.#status = 'idle';
  }
}
