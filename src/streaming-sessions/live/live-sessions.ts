/** The sessions that somebody is connected to or that wait for their source to return, by id; looks after silent sockets. */
import { StreamCloseCode } from '../../protocol/index.ts';
import { LocalRelay } from '../relay/local-relay.ts';
import { Connection, type StreamSocket } from './connection.ts';
import { type FinishReason, LiveSession } from './live-session.ts';
import { Traffic } from './traffic.ts';

export interface LiveLimits {
  readonly maxMessageBytes: number;
  readonly slowLimitBytes: number;
  readonly socketTimeoutMs: number;
  readonly maxOperators: number;
  readonly operatorsMayTalk: boolean;
  readonly sourceGraceMs: number;
}

/** What must last of what happens here. Called in the order in which it happens; must not throw. */
export interface SessionLedger {
  activated(sessionId: string): void;
  finished(sessionId: string, reason: FinishReason): void;
}

/** Who may connect to what, once that was decided. */
export interface Admission {
  readonly sessionId: string;
  /** As the row had it when it was decided. */
  readonly status: 'waiting' | 'active';
  readonly userId: string;
  readonly role: { readonly kind: 'source'; readonly hasHeader: boolean } | { readonly kind: 'operator' };
  readonly expiresAt?: Date | undefined;
}

export interface StreamStats {
  /** Sessions whose source is connected. */
  readonly sources: number;
  readonly operators: number;
  readonly frames: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Operators that were closed because they read too slowly. */
  readonly slowClosed: number;
}

/** For how long it is remembered that a session has ended: its row may have been read just before. */
const REMEMBERED_MS = 60_000;

export class LiveSessions {
  readonly #limits: LiveLimits;
  readonly #ledger: SessionLedger;
  readonly #relay = new LocalRelay();
  readonly #traffic = new Traffic();
  readonly #sessions = new Map<string, LiveSession>();
  readonly #connections = new Set<Connection>();
  readonly #forgetting = new Map<string, Timer>();
  readonly #sweep: Timer;
  #isClosed = false;

  constructor(limits: LiveLimits, ledger: SessionLedger) {
    this.#limits = limits;
    this.#ledger = ledger;
    this.#sweep = setInterval(() => this.#lookAfterSilent(), limits.socketTimeoutMs / 4);
  }

  get stats(): StreamStats {
    let sources = 0;
    let operators = 0;
    for (const session of this.#sessions.values()) {
      if (session.state === 'active') sources += 1;
      operators += session.operators.size;
    }
    const { frames, bytesIn, bytesOut, slowClosed } = this.#traffic;
    return { sources, operators, frames, bytesIn, bytesOut, slowClosed };
  }

  /** The sessions whose source is there, or was there: whatever their rows say. */
  get startedIds(): readonly string[] {
    return [...this.#sessions.values()].flatMap(({ id, state }) => (state === 'waiting' ? [] : [id]));
  }

  /** The users who are connected as operators now. */
  operatorsOf(sessionId: string): ReadonlySet<string> {
    const operators = this.#sessions.get(sessionId)?.operators ?? [];
    return new Set([...operators].map(({ userId }) => userId));
  }

  /** Whether another operator would be one too many. */
  isFull(sessionId: string): boolean {
    return (this.#sessions.get(sessionId)?.operators.size ?? 0) >= this.#limits.maxOperators;
  }

  /** Takes a socket into its session, or closes it when that is not possible any more. */
  enter(admission: Admission, socket: StreamSocket): Connection {
    const { sessionId, userId, role, expiresAt } = admission;
    const { maxMessageBytes, slowLimitBytes } = this.#limits;
    const connection = new Connection({ userId, socket, maxMessageBytes, slowLimitBytes, expiresAt });
    if (this.#isClosed) {
      connection.close(StreamCloseCode.serverRestarting, 'the server restarts');
    } else if (role.kind === 'operator' && this.isFull(sessionId)) {
      connection.close(StreamCloseCode.tryAgainLater, 'too many operators');
    } else {
      const session = this.#session(sessionId, admission.status);
      if (role.kind === 'source') session.enterSource(connection, role);
      else session.enterOperator(connection);
    }
    if (!connection.isClosed) this.#connections.add(connection);
    return connection;
  }

  /** The socket of a connection is gone. */
  left(connection: Connection): void {
    this.#connections.delete(connection);
    connection.closed();
  }

  /** Waits for the source of a session that was active in an earlier run. */
  awaitSource(sessionId: string): void {
    if (!this.#isClosed) this.#session(sessionId, 'active');
  }

  /** Closes all sockets of a session that is finished; of one that nobody is in, too, for who may just be coming. */
  finish(sessionId: string, reason: FinishReason): void {
    if (this.#isClosed) return;
    this.#session(sessionId, 'waiting').finish(reason);
    this.#forgetLater(sessionId);
  }

  /** Closes every socket; the sessions go on with the next run. Twice is no error. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const session of this.#sessions.values()) session.close();
    for (const timer of this.#forgetting.values()) clearTimeout(timer);
    this.#sessions.clear();
    this.#forgetting.clear();
    this.#connections.clear();
  }

  #session(id: string, status: 'waiting' | 'active'): LiveSession {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session = new LiveSession({
      id,
      status,
      relay: this.#relay,
      traffic: this.#traffic,
      sourceGraceMs: this.#limits.sourceGraceMs,
      operatorsMayTalk: this.#limits.operatorsMayTalk,
      onActivated: () => this.#ledger.activated(id),
      onSourceGone: () => {
        this.#ledger.finished(id, 'source-gone');
        this.#forgetLater(id);
      },
      onLeft: () => {
        if (session.isIdle) this.#sessions.delete(id);
      },
    });
    this.#sessions.set(id, session);
    return session;
  }

  #forgetLater(id: string): void {
    clearTimeout(this.#forgetting.get(id));
    const timer = setTimeout(() => {
      this.#forgetting.delete(id);
      this.#sessions.delete(id);
    }, REMEMBERED_MS);
    this.#forgetting.set(id, timer);
  }

  #lookAfterSilent(): void {
    const { socketTimeoutMs } = this.#limits;
    for (const connection of [...this.#connections]) {
      if (connection.isClosed) this.#connections.delete(connection);
      else if (connection.silentForMs > socketTimeoutMs) {
        connection.close(StreamCloseCode.silent, 'nothing was heard from you');
      } else if (connection.silentForMs > socketTimeoutMs / 2) connection.ping();
    }
  }
}
