/** Requests to the routes of a server: with a token, which is renewed when the server refuses it, and with errors as codes. */

/** What a route refused, or `unreachable`. */
export class LibraryError extends Error {
  override name = 'LibraryError';
  /** As the server names it: `unauthenticated`, `forbidden`, `recording_not_found`, `conflict` and so on; or `unreachable`. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export interface LibraryRequestsOptions {
  /** Where the server is: `https://calls.example.org`. */
  readonly url: string;
  /** A token, or where to get one: asked before the first request, and again whenever the server refused the former one. */
  readonly token: string | (() => string | Promise<string>);
}

export class LibraryRequests {
  readonly #options: LibraryRequestsOptions;
  #token: Promise<string> | undefined;

  constructor(options: LibraryRequestsOptions) {
    this.#options = options;
  }

  /** The JSON of the answer, undefined when it has none. Rejects with a `LibraryError`, and as `token` does. */
  async send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const first = await this.#getToken();
    const answer = await this.#fetch(method, path, { token: first, body });
    if (answer.status !== 401 || typeof this.#options.token === 'string') return read(answer);
    // Several requests may be refused at once; one new token is enough for all of them.
    if ((await this.#token) === first) this.#token = undefined;
    return read(await this.#fetch(method, path, { token: await this.#getToken(), body }));
  }

  urlOf(path: string): URL {
    return new URL(path, this.#options.url);
  }

  async #getToken(): Promise<string> {
    const { token } = this.#options;
    this.#token ??= Promise.resolve(typeof token === 'string' ? token : token());
    const pending = this.#token;
    try {
      return await pending;
    } catch (error) {
      if (this.#token === pending) this.#token = undefined;
      throw error;
    }
  }

  async #fetch(
    method: string,
    path: string,
    { token, body }: { readonly token: string; readonly body: object | undefined },
  ): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    try {
      return await fetch(this.urlOf(path), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new LibraryError('unreachable', 'The server cannot be reached.', error);
    }
  }
}

async function read(answer: Response): Promise<unknown> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  const { error, message } = isRecord(body) ? body : {};
  throw new LibraryError(
    typeof error === 'string' ? error : answer.status === 401 ? 'unauthenticated' : 'internal',
    typeof message === 'string' ? message : `The server answered ${answer.status}.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
