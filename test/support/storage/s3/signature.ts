/** Checks that a request is signed as AWS Signature Version 4 wants it, in its header or in its query. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface SignatureOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** By the clock of the storage, ms since 1970. */
  readonly nowMs: number;
}

/** The code of an error of S3. */
export type Refusal =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'RequestTimeTooSkewed'
  | 'AuthorizationHeaderMalformed';

const MAX_SKEW_MS = 15 * 60_000;

interface Claim {
  readonly accessKeyId: string;
  /** Day, region, service, `aws4_request`. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As `20260102T030405Z`. */
  readonly date: string;
  readonly payloadHash: string;
  /** Seconds; of addresses alone. */
  readonly expires?: number;
}

/** Undefined when it is signed by the owner of the key. */
export function refuse(request: IncomingMessage, url: URL, options: SignatureOptions): Refusal | undefined {
  const claim = url.searchParams.has('X-Amz-Signature') ? claimOfQuery(url) : claimOfHeader(request);
  if (!claim) return 'AccessDenied';
  const [day, region, service, end] = claim.scope;
  if (claim.accessKeyId !== options.accessKeyId) return 'InvalidAccessKeyId';
  if (
    region !== options.region ||
    service !== 's3' ||
    end !== 'aws4_request' ||
    day !== claim.date.slice(0, 8)
  ) {
    return 'AuthorizationHeaderMalformed';
  }
  if (!claim.signedHeaders.includes('host')) return 'SignatureDoesNotMatch';
  // Every header of Amazon's that is sent must be signed, else somebody on the way could change it.
  const sent = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  if (!sent.every((name) => claim.signedHeaders.includes(name))) return 'SignatureDoesNotMatch';
  const ageMs = options.nowMs - parseDate(claim.date);
  if (claim.expires === undefined ? Math.abs(ageMs) > MAX_SKEW_MS : ageMs < -MAX_SKEW_MS)
    return 'RequestTimeTooSkewed';
  if (claim.expires !== undefined && ageMs > claim.expires * 1_000) return 'AccessDenied';
  const expected = Buffer.from(sign(canonical(request, url, claim), claim, options.secretAccessKey));
  const given = Buffer.from(claim.signature);
  return expected.length === given.length && timingSafeEqual(expected, given)
    ? undefined
    : 'SignatureDoesNotMatch';
}

function claimOfHeader({ headers }: IncomingMessage): Claim | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  const date = headers['x-amz-date'];
  const payloadHash = headers['x-amz-content-sha256'];
  if (!match || typeof date !== 'string' || typeof payloadHash !== 'string') return undefined;
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const [accessKeyId = '', ...scope] = credential.split('/');
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature, date, payloadHash };
}

function claimOfQuery({ searchParams }: URL): Claim | undefined {
  if (searchParams.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return undefined;
  const get = (name: string) => searchParams.get(`X-Amz-${name}`) ?? '';
  const [accessKeyId = '', ...scope] = get('Credential').split('/');
  return {
    accessKeyId,
    scope,
    signedHeaders: get('SignedHeaders').split(';'),
    signature: get('Signature'),
    date: get('Date'),
    payloadHash: 'UNSIGNED-PAYLOAD',
    expires: Number(get('Expires')),
  };
}

function canonical(request: IncomingMessage, url: URL, { signedHeaders, payloadHash }: Claim): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)])
    .toSorted(([a = '', x = ''], [b = '', y = '']) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join('='))
    .join('&');
  const headers = signedHeaders.map((name) => {
    const value = request.headers[name];
    return `${name}:${(Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/ +/g, ' ')}\n`;
  });
  const path = (request.url ?? '').split('?')[0] ?? '';
  return [request.method, path, query, headers.join(''), signedHeaders.join(';'), payloadHash].join('\n');
}

function sign(request: string, { date, scope }: Claim, secret: string): string {
  const hashed = createHash('sha256').update(request).digest('hex');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), hashed].join('\n');
  const key = scope.reduce<Buffer | string>((made, part) => hmac(made, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function parseDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
