/** One session while somebody is connected to it: its source, its operators, and the time that a lost source has. */
import { StreamCloseCode } from '../../protocol/index.ts';
import type { OperatorEnd, Relay, SourceEnd } from '../relay/relay.ts';
import type { Connection } from './connection.ts';
import type { Traffic } from './traffic.ts';

/** Why a session is over, as rows, logs and the reasons of closed sockets say it. */
export type FinishReason = 'deleted' | 'source-gone' | 'never-used';

type State =
  /** The source never came. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'active'; readonly source: Connection; readonly end: SourceEnd }
  /** The source came, is gone, and may come back. */
  | { readonly kind: 'lost'; readonly overdue: Timer }
  | { readonly kind: 'finished'; readonly reason: FinishReason }
  /** The server stops; the session goes on elsewhere, or later. */
  | { readonly kind: 'closed' };

export interface LiveSessionOptions {
  readonly id: string;
  /** Whether its source was there before. */
  readonly status: 'waiting' | 'active';
  readonly relay: Relay;
  readonly traffic: Traffic;
  readonly sourceGraceMs: number;
  readonly operatorsMayTalk: boolean;
  /** The source came for the first time. */
  readonly onActivated: () => void;
  /** The source did not come back in time: the session is finished. */
  readonly onSourceGone: () => void;
  /** Somebody left. */
  readonly onLeft: () => void;
}

const FINISHED_TEXT: Readonly<Record<FinishReason, string>> = {
  deleted: 'the session was ended',
  'source-gone': 'the source did not come back',
  'never-used': 'the source never came',
};

export class LiveSession {
  readonly id: string;
  readonly #options: LiveSessionOptions;
  readonly #operators = new Set<Connection>();
  #state: State;

  constructor(options: LiveSessionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#state = options.status === 'active' ? this.#awaitReturn() : { kind: 'waiting' };
  }

  get state(): State['kind'] {
    return this.#state.kind;
  }

  get operators(): ReadonlySet<Connection> {
    return this.#operators;
  }

  /** Whether forgetting it would lose nothing that its row does not know. */
  get isIdle(): boolean {
    return this.#state.kind === 'waiting' && this.#operators.size === 0;
  }

  /** Makes this connection the source, in the place of the one before. */
  enterSource(connection: Connection, { hasHeader }: { hasHeader: boolean }): void {
    if (this.#refuse(connection)) return;
    const { relay, traffic, onActivated } = this.#options;
    const isFirst = this.#state.kind === 'waiting';
    const end = relay.openSource(this.id, {
      hasHeader,
      // A source that does not read what is said to it goes on all the same.
      hear: (frame) => {
        connection.trySend(frame);
      },
      replaced: () => connection.close(StreamCloseCode.replaced, 'another source took over'),
    });
    if (this.#state.kind === 'lost') clearTimeout(this.#state.overdue);
    this.#state = { kind: 'active', source: connection, end };
    connection.belongTo({
      receive: (frame, size) => {
        traffic.relayed(size, this.#operators.size);
        end.send(frame);
      },
      closed: () => this.#sourceClosed(connection, end),
    });
    if (isFirst) onActivated();
  }

  enterOperator(connection: Connection): void {
    if (this.#refuse(connection)) return;
    const { relay, traffic, operatorsMayTalk, onLeft } = this.#options;
    this.#operators.add(connection);
    let end: OperatorEnd | undefined;
    connection.belongTo({
      receive: (frame) => {
        if (operatorsMayTalk) end?.say(frame);
      },
      closed: () => {
        this.#operators.delete(connection);
        end?.close();
        onLeft();
      },
    });
    end = relay.openOperator(this.id, (frame) => {
      if (!connection.send(frame)) traffic.slowClosed += 1;
    });
  }

  /** Ends the session for good: every socket is closed, and nobody gets in any more. Twice is no error. */
  finish(reason: FinishReason): void {
    if (this.#state.kind === 'finished' || this.#state.kind === 'closed') return;
    this.#leave({ kind: 'finished', reason }, StreamCloseCode.finished, FINISHED_TEXT[reason]);
  }

  /** The server stops. The session is not finished by it. Twice is no error. */
  close(): void {
    if (this.#state.kind === 'finished' || this.#state.kind === 'closed') return;
    this.#leave({ kind: 'closed' }, StreamCloseCode.serverRestarting, 'the server restarts');
  }

  #leave(state: State, code: number, text: string): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'lost') clearTimeout(before.overdue);
    if (before.kind === 'active') before.source.close(code, text);
    for (const operator of [...this.#operators]) operator.close(code, text);
    this.#options.relay.endSession(this.id);
  }

  /** The session may have ended since the upgrade of this socket was allowed. */
  #refuse(connection: Connection): boolean {
    if (this.#state.kind === 'finished') {
      connection.close(StreamCloseCode.finished, FINISHED_TEXT[this.#state.reason]);
    } else if (this.#state.kind === 'closed') {
      connection.close(StreamCloseCode.serverRestarting, 'the server restarts');
    }
    return connection.isClosed;
  }

  #sourceClosed(connection: Connection, end: SourceEnd): void {
    end.close();
    // One that was replaced, or whose session has ended, leaves nothing to wait for.
    if (this.#state.kind === 'active' && this.#state.source === connection) this.#state = this.#awaitReturn();
    this.#options.onLeft();
  }

  #awaitReturn(): State {
    const overdue = setTimeout(() => {
      this.finish('source-gone');
      this.#options.onSourceGone();
    }, this.#options.sourceGraceMs);
    return { kind: 'lost', overdue };
  }
}
