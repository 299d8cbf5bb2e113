/** Streaming sessions as their routes see them: create, finish, who watches. */
import type { Identity } from '../auth/index.ts';
import type { StreamingSessionRow } from '../db/index.ts';
import { AppError } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { RESERVED_USER_IDS } from '../protocol/index.ts';
import type { LiveSessions } from './live/live-sessions.ts';
import type { OperatorList } from './model.ts';
import type { StreamingSessionRepository } from './repository.ts';
import { mayCreate, mayManage } from './rights.ts';
import { hashStreamKey, newStreamKey } from './stream-key.ts';

/** What every client takes out of an address before it asks: a socket at `…/..` can never be opened. */
const DOTS = /^\.{1,2}$/;

export interface StreamingSessionsDeps {
  readonly repository: StreamingSessionRepository;
  readonly live: LiveSessions;
  readonly logger: Logger;
}

export class StreamingSessionsService {
  readonly #deps: StreamingSessionsDeps;

  constructor(deps: StreamingSessionsDeps) {
    this.#deps = deps;
  }

  /** Throws `forbidden` for a session of somebody else. */
  async create(identity: Identity, clientId: string): Promise<{ id: string; streamKey: string }> {
    if (RESERVED_USER_IDS.includes(clientId) || DOTS.test(clientId)) {
      throw new AppError('validation_error', `"${clientId}" is reserved and cannot be a source.`);
    }
    if (!mayCreate(identity, clientId)) {
      throw new AppError('forbidden', 'You may make sessions for yourself only.');
    }
    const streamKey = newStreamKey();
    const { id } = await this.#deps.repository.insert({ clientId, streamKeyHash: hashStreamKey(streamKey) });
    this.#deps.logger.info({ sessionId: id, clientId }, 'streaming session created');
    return { id, streamKey };
  }

  /** Closes every socket of it. Again is no error. Throws `session_not_found` and `forbidden`. */
  async finish(identity: Identity, id: string): Promise<void> {
    const { repository, live, logger } = this.#deps;
    // By the id of its row: who asks may write it in capitals.
    const { id: sessionId } = await this.#demandManaged(identity, id);
    await repository.finish(sessionId, 'deleted', new Date());
    live.finish(sessionId, 'deleted');
    logger.info({ sessionId, reason: 'deleted' }, 'streaming session finished');
  }

  /** Everybody who ever was an operator. Throws `session_not_found` and `forbidden`. */
  async operators(identity: Identity, id: string): Promise<OperatorList> {
    const { id: sessionId } = await this.#demandManaged(identity, id);
    const rows = await this.#deps.repository.listOperators(sessionId);
    const connected = this.#deps.live.operatorsOf(sessionId);
    return {
      operators: rows.map(({ userId, joinedAt }) => ({
        user_id: userId,
        joined_at: joinedAt.toISOString(),
        connected: connected.has(userId),
      })),
    };
  }

  async #demandManaged(identity: Identity, id: string): Promise<StreamingSessionRow> {
    const row = await this.#deps.repository.find(id);
    if (!row) throw sessionNotFound();
    if (!mayManage(identity, row.clientId)) {
      throw new AppError('forbidden', 'Only its source may do this with a session.');
    }
    return row;
  }
}

export function sessionNotFound(): AppError {
  return new AppError('session_not_found', 'There is no such streaming session.');
}
