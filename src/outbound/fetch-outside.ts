/**
 * Asks an address that somebody else has named. The name is resolved here, every address of it is checked, and the connection is
 * made to an address that was checked and to no name: what a name means a moment later changes nothing. So with each redirect.
 */
import { isIP } from 'node:net';
import { AppError } from '../lib/index.ts';
import { type AddressRules, resolveOutside } from './addresses.ts';

export interface FetchOutsideOptions extends AddressRules {
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FetchedFrom {
  readonly response: Response;
  /** Where the redirects led. */
  readonly url: URL;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Resolves to whatever answer is no redirect. Rejects with `validation_error` for what may not be asked, with `unavailable` when
 * nobody answers, and with the reason of the signal. A POST is not led elsewhere: its redirect is the answer.
 */
export async function fetchOutside(target: string | URL, options: FetchOutsideOptions): Promise<FetchedFrom> {
  let url = parse(target);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await fetchOnce(url, options);
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null || options.method === 'POST') return { response, url };
    await response.body?.cancel();
    url = parse(location, url);
  }
  throw new AppError('unavailable', 'The address leads from one redirect to the next.', 'destination');
}

async function fetchOnce(url: URL, options: FetchOutsideOptions): Promise<Response> {
  const { signal, method = 'GET', headers, body } = options;
  let failure: unknown;
  for (const address of await resolveOutside(url, options)) {
    signal.throwIfAborted();
    const direct = new URL(url);
    direct.hostname = isIP(address) === 6 ? `[${address}]` : address;
    direct.username = '';
    direct.password = '';
    try {
      return await fetch(direct, {
        method,
        redirect: 'manual',
        // One that is kept is found again by its address, whoever it was opened for.
        keepalive: false,
        signal,
        headers: { ...headers, host: url.host },
        ...(body !== undefined && { body }),
        ...(url.protocol === 'https:' && { tls: { serverName: url.hostname } }),
      });
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw new AppError(
    'unavailable',
    'Nobody answers at the address, or the answer breaks off.',
    'destination',
    {
      cause: failure,
    },
  );
}

function parse(target: string | URL, base?: URL): URL {
  if (!URL.canParse(String(target), base?.href)) throw new AppError('validation_error', 'This is no URL.');
  return new URL(target, base);
}
