/** Whether an event is of the stream service: signed with the secret that both know, and not long ago. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../lib/index.ts';

export interface SignedRequest {
  /** The body, byte for byte. */
  readonly body: string;
  /** `X-Signature`: hexadecimal digits. */
  readonly signature: string | undefined;
  /** `X-Timestamp`: seconds or milliseconds since 1970, or RFC 3339. */
  readonly timestamp: string | undefined;
}

const MAX_AGE_MS = 5 * 60_000;
/** Seconds since 1970 stay below this for thousands of years; milliseconds have been above it since 1970. */
const LARGEST_SECONDS = 1e11;

/** The signature of a body, in hexadecimal digits. */
export function sign(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

/** Throws `unauthenticated`. Without a secret nothing that must be signed is. */
export function demandSignature(
  { body, signature, timestamp }: SignedRequest,
  { secret, now = Date.now() }: { readonly secret: string | undefined; readonly now?: number },
): void {
  if (secret === undefined) throw refused('No secret is set for events (WEBHOOK_SECRET)');
  if (signature === undefined || timestamp === undefined) {
    throw refused('The event is not signed: X-Signature and X-Timestamp are needed');
  }
  const at = momentOf(timestamp);
  if (!(Math.abs(now - at) <= MAX_AGE_MS)) throw refused('The signature is older than five minutes');
  const expected = Buffer.from(sign(secret, timestamp, body));
  const given = Buffer.from(
    signature
      .trim()
      .toLowerCase()
      .replace(/^sha256=/, ''),
  );
  // Lengths are no secret; the comparison itself takes as long for every wrong one.
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refused('Invalid signature');
}

function momentOf(timestamp: string): number {
  if (!/^\d{1,16}$/.test(timestamp)) return Date.parse(timestamp);
  const value = Number(timestamp);
  return value < LARGEST_SECONDS ? value * 1_000 : value;
}

function refused(message: string): AppError {
  return new AppError('unauthenticated', message);
}
