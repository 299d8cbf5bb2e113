/** The REST API of Twilio by its own package, at another address where that is configured; and which of its failures are what. */
import twilio from 'twilio';
import type { RequestOptions } from 'twilio/lib/base/RequestClient';

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string };
  readonly apiUrl?: string;
}

export type TwilioClient = ReturnType<typeof makeClient>;

const TIMEOUT_MS = 10_000;

export function makeClient({ accountSid, authToken, apiKey, apiUrl }: TwilioAccount) {
  return twilio(apiKey?.sid ?? accountSid, apiKey?.secret ?? authToken, {
    accountSid,
    httpClient: new ElsewhereClient(apiUrl),
  });
}

class ElsewhereClient extends twilio.RequestClient {
  readonly #apiUrl: string | undefined;

  constructor(apiUrl: string | undefined) {
    super({ timeout: TIMEOUT_MS });
    this.#apiUrl = apiUrl;
  }

  override async request<T>(options: RequestOptions<T>) {
    try {
      return await super.request<T>({ ...options, uri: this.#addressOf(options.uri) });
    } catch (error) {
      throw new NoAnswer(error);
    }
  }

  #addressOf(uri: string): string {
    if (this.#apiUrl === undefined) return uri;
    const { pathname, search } = new URL(uri);
    return `${this.#apiUrl}${pathname}${search}`;
  }
}

/** There was no answer, and why. What the package throws then has the whole request in it, with the password: it ends here. */
class NoAnswer extends Error {
  override name = 'NoAnswer';
  readonly code: string | undefined;

  constructor(error: unknown) {
    super(error instanceof Error ? error.message : 'Twilio did not answer.');
    this.code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  }
}

/** The answer was an HTTP status; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof twilio.RestException ? error.status : undefined;
}

/** Nobody was there, or nobody looked at the request: asking again cannot make anything happen twice. */
export function wasNotHandled(error: unknown): boolean {
  if (statusOf(error) === 429) return true;
  const code = error instanceof NoAnswer ? error.code : undefined;
  return code !== undefined && ['ECONNREFUSED', 'ConnectionRefused', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
}

/** The provider is down, or does not let us in: others would fare no better. */
export function isOutage(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500 || [401, 403, 429].includes(status);
}
