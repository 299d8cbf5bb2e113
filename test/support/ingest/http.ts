/** The requests of WHIP and WHEP, as a client sends them. */
import type { TestServer } from '../server.ts';

const SDP = 'application/sdp';
export const FRAGMENT = 'application/trickle-ice-sdpfrag';

export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Absolute. */
  readonly session: string;
  readonly etag: string;
  /** The error code, when it is one. */
  readonly error: string | undefined;
}

export async function ask(
  server: TestServer,
  method: string,
  path: string,
  request: {
    readonly token?: string;
    readonly type?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  } = {},
): Promise<Posted> {
  const { token, type, headers, body } = request;
  const url = new URL(path, server.url);
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(type !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: text,
    session: new URL(response.headers.get('location') ?? '/', url).href,
    etag: response.headers.get('etag') ?? '',
    error: isJson ? (JSON.parse(text) as { error: string }).error : undefined,
  };
}

export function postOffer(server: TestServer, path: string, token: string, offer: string): Promise<Posted> {
  return ask(server, 'POST', path, { token, type: SDP, body: offer });
}
