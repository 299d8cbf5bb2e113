/** Finds the call that a request names, for those who may see, manage or moderate it. */
import { type CallFacts, type Identity, mayManage, mayModerate, maySee } from '../auth/index.ts';
import type { CallRow } from '../db/index.ts';
import type { Call } from '../engine/index.ts';
import { AppError } from '../lib/index.ts';
import type { LiveCalls } from './live-calls.ts';
import type { CallRepository } from './repository.ts';

export interface FoundCall {
  readonly row: CallRow;
  /** The call itself, while it lives. */
  readonly live: Call | undefined;
}

export class CallFinder {
  readonly #repository: CallRepository;
  readonly #live: LiveCalls;

  constructor(repository: CallRepository, live: LiveCalls) {
    this.#repository = repository;
    this.#live = live;
  }

  /**
   * The newest call of this room id, once all that happened in it is written; for those who may see all, as the program
   * itself may. Throws `call_not_found`.
   */
  async newest(roomId: string): Promise<FoundCall> {
    await this.#live.allWritten(roomId);
    const row = await this.#repository.findNewest(roomId);
    if (!row) throw callNotFound(roomId);
    return { row, live: this.#live.byCallId(row.id) };
  }

  /** The same, for one who may see it. Throws `call_not_found`. */
  async visible(identity: Identity, roomId: string): Promise<FoundCall> {
    const found = await this.newest(roomId);
    const hasTakenPart = await this.#repository.hasTakenPart(found.row.id, identity.userId);
    // Whoever may not see a call is not told that it exists.
    if (!maySee(identity, factsOf(found.row), hasTakenPart)) throw callNotFound(roomId);
    return found;
  }

  /** Throws `forbidden` too: for those who see the call and may not change it. */
  async managed(identity: Identity, roomId: string): Promise<FoundCall> {
    const found = await this.visible(identity, roomId);
    if (!mayManage(identity, factsOf(found.row))) {
      throw forbidden('Only the host of the call, or an admin, may do that.');
    }
    return found;
  }

  /** Throws `forbidden` too: for those who see the call and do not moderate it. */
  async moderated(identity: Identity, roomId: string): Promise<FoundCall> {
    const found = await this.visible(identity, roomId);
    if (!mayModerate(identity, factsOf(found.row)))
      throw forbidden('Only a moderator of the call may do that.');
    return found;
  }
}

export function factsOf(row: CallRow): CallFacts {
  const { roomId, createdBy, access, invited } = row;
  return { roomId, createdBy, access, invited };
}

export function forbidden(message: string): AppError {
  return new AppError('forbidden', message);
}

export function callNotFound(roomId: string): AppError {
  return new AppError('call_not_found', `There is no call "${roomId}".`);
}
