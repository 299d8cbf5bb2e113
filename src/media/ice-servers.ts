/** The STUN and TURN servers that a client is told, with TURN credentials made for it where a secret is configured. */
import { createHmac } from 'node:crypto';
import type { IceServer } from '../protocol/index.ts';

export interface IceServerOptions {
  /** Told as they are. */
  readonly iceServers: readonly { urls: readonly string[]; username?: string; credential?: string }[];
  /** TURN servers that take time-limited credentials. */
  readonly turn?: { readonly urls: readonly string[]; readonly secret: string } | undefined;
}

const TURN_LIFETIME_SECONDS = 24 * 60 * 60;

/** Credentials as in draft-uberti-behave-turn-rest: user `<expiry>:<user>`, password HMAC-SHA1 of it. */
export function iceServersFor(userId: string, options: IceServerOptions, now = Date.now()): IceServer[] {
  const fixed = options.iceServers.map(({ urls, ...rest }) => ({ urls: [...urls], ...rest }));
  if (!options.turn) return fixed;
  const username = `${Math.floor(now / 1_000) + TURN_LIFETIME_SECONDS}:${userId}`;
  const credential = createHmac('sha1', options.turn.secret).update(username).digest('base64');
  return [...fixed, { urls: [...options.turn.urls], username, credential }];
}
