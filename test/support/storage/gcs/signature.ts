/** Whether a request may be answered: by a token or an address that the key of the service account has signed. */
import { createHash, createVerify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Signer {
  readonly email: string;
  readonly publicKey: string;
}

export function isAuthorised(
  { headers }: IncomingMessage,
  { email, publicKey }: Signer,
  nowMs: number,
): boolean {
  const [, head = '', payload = '', signature = ''] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  if (!verify(`${head}.${payload}`, Buffer.from(signature, 'base64url'), publicKey)) return false;
  const claims: { iss?: string; scope?: string; exp?: number; iat?: number } = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  );
  const now = nowMs / 1_000;
  const isNow = Number(claims.exp) > now && Number(claims.iat) < now + 600;
  return claims.iss === email && isNow && /devstorage|cloud-platform/.test(claims.scope ?? '');
}

/** V4 of Google: https://cloud.google.com/storage/docs/authentication/canonical-requests */
export function isSignedUrl(
  request: IncomingMessage,
  url: URL,
  { email, publicKey }: Signer,
  nowMs: number,
): boolean {
  const get = (name: string) => url.searchParams.get(`X-Goog-${name}`) ?? '';
  const [signer, ...scope] = get('Credential').split('/');
  if (get('Algorithm') !== 'GOOG4-RSA-SHA256' || signer !== email) return false;
  const startedMs = Date.parse(
    get('Date').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (!(nowMs < startedMs + Number(get('Expires')) * 1_000)) return false;
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  // The SDK signs the host without its port.
  const headers = get('SignedHeaders')
    .split(';')
    .map((name) => `${name}:${name === 'host' ? url.hostname : request.headers[name]}\n`)
    .join('');
  const path = request.url?.split('?')[0];
  const canonical = [request.method, path, query, headers, get('SignedHeaders'), 'UNSIGNED-PAYLOAD'].join(
    '\n',
  );
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = ['GOOG4-RSA-SHA256', get('Date'), scope.join('/'), hash].join('\n');
  return verify(text, Buffer.from(get('Signature'), 'hex'), publicKey);
}

function verify(text: string, signature: Buffer, publicKey: string): boolean {
  return createVerify('RSA-SHA256').update(text).verify(publicKey, signature);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
