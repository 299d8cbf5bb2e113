/** Streaming sessions over the server's routes: made, ended, and who watches them. */
import { LibraryError, LibraryRequests, type LibraryRequestsOptions } from '../library-requests.ts';

export interface StreamSession {
  readonly id: string;
  /** Where the source connects. Whoever knows it is the source. */
  readonly sourceUrl: string;
}

export interface StreamOperator {
  readonly userId: string;
  readonly isConnected: boolean;
}

/** Everything here rejects with a `LibraryError`: `unauthenticated`, `forbidden`, `session_not_found`, `unreachable` … */
export class StreamSessions {
  readonly #requests: LibraryRequests;

  constructor(options: LibraryRequestsOptions) {
    this.#requests = new LibraryRequests(options);
  }

  /** `clientId` is whose stream it is: the user of the token, but for services. */
  async create(clientId: string): Promise<StreamSession> {
    const body = await this.#requests.send('POST', '/sessions', { client_id: clientId });
    const { session_id: id, ws_url: sourceUrl } = fieldsOf(body);
    if (typeof id !== 'string' || typeof sourceUrl !== 'string') throw misunderstood();
    return { id, sourceUrl };
  }

  /** Again is no error. */
  async finish(id: string): Promise<void> {
    await this.#requests.send('DELETE', `/sessions/${encodeURIComponent(id)}`);
  }

  /** Everybody who ever watched, in the order in which they first came. */
  async operators(id: string): Promise<readonly StreamOperator[]> {
    const body = await this.#requests.send('GET', `/sessions/${encodeURIComponent(id)}/operators`);
    const { operators } = fieldsOf(body);
    if (!Array.isArray(operators)) throw misunderstood();
    return operators.map((operator: unknown) => {
      const { user_id: userId, connected } = fieldsOf(operator);
      if (typeof userId !== 'string') throw misunderstood();
      return { userId, isConnected: connected === true };
    });
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function misunderstood(): LibraryError {
  return new LibraryError('internal', 'The server gave an answer of another form.');
}
