/** Who may come in: the secret that signs Kaa's tokens, and where a page sends people to log in. */
import { url } from '../address.ts';
import { text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional } from '../setting.ts';

export const MINIMUM_SECRET_BYTES = 32;

export const authSettings = {
  JWT_SECRET: optional(text(`at least ${MINIMUM_SECRET_BYTES} bytes that nobody can guess`), {
    defaultText: 'none in production, where it must be set; in development one is made and kept in DATA_DIR',
    isSecret: true,
    doc: `Signs the tokens of the server (HS256). In production at least ${MINIMUM_SECRET_BYTES} bytes.`,
  }),
  AUTH_URL: optional(url({ protocols: ['http:', 'https:'], example: 'https://login.example.com/kaa' }), {
    doc: 'Where the page sends somebody who has no token. It comes back with #token=….',
  }),
};

export interface AuthConfig {
  /** Absent in development when none is set: `ensureJwtSecret` makes one. */
  readonly jwtSecret?: string;
  readonly authUrl?: string;
}

export function readAuth(reader: Reader): AuthConfig {
  const { JWT_SECRET: jwtSecret, AUTH_URL: authUrl } = readSettings(authSettings, reader);
  const flaw = reader.environment === 'production' ? findFlaw(jwtSecret) : undefined;
  if (flaw !== undefined) {
    reader.problems.add({
      name: 'JWT_SECRET',
      what: flaw,
      expected: authSettings.JWT_SECRET.format.expected,
      remedy: 'set it to what `openssl rand -base64 48` prints, and keep it',
    });
  }
  return { ...(jwtSecret !== undefined && { jwtSecret }), ...(authUrl !== undefined && { authUrl }) };
}

function findFlaw(secret: string | undefined): string | undefined {
  if (secret === undefined) return 'is missing';
  if (isSampleSecret(secret)) return 'is a sample from documentation, which everybody knows';
  const length = Buffer.byteLength(secret);
  return length < MINIMUM_SECRET_BYTES ? `is too short (${length} bytes)` : undefined;
}
