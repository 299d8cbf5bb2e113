/** Decides, before a socket is opened, who is asking and whether they may come into the session that they name. */
import { Value } from '@sinclair/typebox/value';
import { type Identity, type Tokens, unauthenticated, upgradeToken } from '../auth/index.ts';
import type { StreamingSessionRow } from '../db/index.ts';
import type { OriginCheck } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { Admission, LiveSessions } from './live/live-sessions.ts';
import { StreamParams } from './model.ts';
import type { StreamingSessionRepository } from './repository.ts';
import { mayOperateAs } from './rights.ts';
import { sessionNotFound } from './service.ts';
import { isStreamKey } from './stream-key.ts';

export interface DoorkeeperDeps {
  readonly repository: StreamingSessionRepository;
  readonly live: LiveSessions;
  readonly tokens: Tokens;
  readonly isAllowedOrigin: OriginCheck;
  /** False: sources need no key and operators no token. */
  readonly needsAuth: boolean;
}

export class Doorkeeper {
  readonly #deps: DoorkeeperDeps;

  constructor(deps: DoorkeeperDeps) {
    this.#deps = deps;
  }

  /**
   * Throws `validation_error`, `unauthenticated`, `forbidden`, `session_not_found`, `session_finished` or
   * `too_many_operators`. Who is let in as an operator is on the list of operators from then on.
   */
  async admit(request: Request, params: unknown): Promise<Admission> {
    const { repository, isAllowedOrigin } = this.#deps;
    if (!isAllowedOrigin(request)) throw new AppError('forbidden', 'This page may not open a socket here.');
    if (!Value.Check(StreamParams, params)) {
      throw new AppError('validation_error', 'The address is /ws/stream/<session id>/<user id>.');
    }
    const key = streamKeyOf(request);
    // Who shows nothing at all is not told which sessions there are.
    const identity = key === undefined ? await this.#identify(request) : undefined;
    const row = await repository.find(params.session_id);
    if (!row) throw sessionNotFound();
    return params.user_id === row.clientId
      ? this.#admitSource(row, key, request)
      : await this.#admitOperator(row, params.user_id, identity ?? (await this.#identify(request)));
  }

  #admitSource(row: StreamingSessionRow, key: string | undefined, request: Request): Admission {
    if (this.#deps.needsAuth && (key === undefined || !isStreamKey(key, row.streamKeyHash))) {
      throw unauthenticated('The source shows the stream key of the session: ?key= or X-Stream-Key.');
    }
    const hasHeader = new URL(request.url).searchParams.get('header') === '1';
    return { ...openSession(row), userId: row.clientId, role: { kind: 'source', hasHeader } };
  }

  async #admitOperator(
    row: StreamingSessionRow,
    userId: string,
    identity: Identity | undefined,
  ): Promise<Admission> {
    const { repository, live } = this.#deps;
    if (identity && !mayOperateAs(identity, userId)) {
      throw new AppError('forbidden', 'The token is not of the user that the address names.');
    }
    const session = openSession(row);
    if (live.isFull(row.id)) {
      throw new AppError('too_many_operators', 'The session has as many operators as it may have.');
    }
    await repository.addOperator(row.id, userId);
    return { ...session, userId, role: { kind: 'operator' }, expiresAt: identity?.expiresAt };
  }

  /** Nobody in particular where no token is needed. */
  async #identify(request: Request): Promise<Identity | undefined> {
    return this.#deps.needsAuth ? await this.#deps.tokens.verify(upgradeToken(request)) : undefined;
  }
}

function streamKeyOf(request: Request): string | undefined {
  const { searchParams } = new URL(request.url);
  return request.headers.get('x-stream-key') ?? searchParams.get('key') ?? undefined;
}

/** Throws `session_finished`. */
function openSession({ id, status }: StreamingSessionRow): Pick<Admission, 'sessionId' | 'status'> {
  if (status === 'finished') throw new AppError('session_finished', 'The session is finished.');
  return { sessionId: id, status };
}
