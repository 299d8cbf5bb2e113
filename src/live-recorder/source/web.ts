/** Bytes from addresses of the web that a stream names. */
import { AppError } from '../../lib/index.ts';
import { fetchOutside } from '../../outbound/index.ts';
import type { BytesRef } from './bytes-ref.ts';
import type { OpenedBytes } from './source.ts';

export interface WebRules {
  readonly allowsPrivate: boolean;
}

export interface OpenedPage extends OpenedBytes {
  /** Where the redirects led: what it names is relative to that. */
  readonly url: URL;
}

export async function openOnWeb(
  { location, range }: BytesRef,
  { allowsPrivate, signal }: WebRules & { readonly signal: AbortSignal },
): Promise<OpenedPage> {
  const { response, url } = await fetchOutside(location, {
    allowsPrivate,
    signal,
    headers: {
      'accept-encoding': 'identity',
      ...(range && { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
    },
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    const isMissing = response.status === 404 || response.status === 410;
    throw new AppError(
      isMissing ? 'not_found' : 'unavailable',
      isMissing ? 'It is not there.' : `It is answered with the status ${response.status}.`,
      'destination',
    );
  }
  if (range && response.status !== 206) {
    await response.body.cancel();
    throw new AppError('unavailable', 'Its server does not give ranges of bytes.', 'destination');
  }
  const length = response.headers.get('content-length');
  const isPlain = (response.headers.get('content-encoding') ?? 'identity') === 'identity';
  const size = length !== null && isPlain && /^\d+$/.test(length) ? Number(length) : undefined;
  return { stream: response.body, size, url };
}
