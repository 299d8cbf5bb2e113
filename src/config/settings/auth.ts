/** Who may come in: the secret that signs Kaa's tokens, whose tokens are taken beside them, and where to log in. */
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
  JWT_ISSUER: optional(text('the `iss` of its tokens, which cannot be kaa'), {
    doc: 'A login provider whose tokens are taken as well (RS256, ES256). Their claims are those of the tokens of the server: sub, exp, and optionally name, roles and grants. Goes with JWT_JWKS_URL.',
  }),
  JWT_JWKS_URL: optional(
    url({
      protocols: ['http:', 'https:'],
      example: 'https://login.example.com/.well-known/jwks.json',
    }),
    {
      doc: 'Where that provider publishes its keys. Use https, unless it is on this machine: whoever can change the answer can make tokens. Goes with JWT_ISSUER.',
    },
  ),
  AUTH_URL: optional(url({ protocols: ['http:', 'https:'], example: 'https://login.example.com/kaa' }), {
    doc: 'Where the page sends somebody who has no token. It comes back with #token=….',
  }),
};

export interface ProviderConfig {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly jwksUrl: string;
}

export interface AuthConfig {
  /** Absent in development when none is set: `ensureJwtSecret` makes one. */
  readonly jwtSecret?: string;
  /** A login provider whose tokens are taken as well. */
  readonly provider?: ProviderConfig;
  readonly authUrl?: string;
}

/** Kaa's own issuers, of tokens for people and of those that resume. */
const OWN_ISSUER = /^kaa(\/|$)/;

export function readAuth(reader: Reader): AuthConfig {
  const values = readSettings(authSettings, reader);
  const { JWT_SECRET: jwtSecret, AUTH_URL: authUrl } = values;
  const flaw = reader.environment === 'production' ? findFlaw(jwtSecret) : undefined;
  if (flaw !== undefined) {
    reader.problems.add({
      name: 'JWT_SECRET',
      what: flaw,
      expected: authSettings.JWT_SECRET.format.expected,
      remedy: 'set it to what `openssl rand -base64 48` prints, and keep it',
    });
  }
  const provider = readProvider(values.JWT_ISSUER, values.JWT_JWKS_URL, reader);
  return {
    ...(jwtSecret !== undefined && { jwtSecret }),
    ...(provider !== undefined && { provider }),
    ...(authUrl !== undefined && { authUrl }),
  };
}

function readProvider(
  issuer: string | undefined,
  jwksUrl: string | undefined,
  { problems }: Reader,
): ProviderConfig | undefined {
  if (issuer !== undefined && OWN_ISSUER.test(issuer)) {
    problems.add({
      name: 'JWT_ISSUER',
      what: `is "${issuer}", which is the server itself`,
      expected: authSettings.JWT_ISSUER.format.expected,
      remedy: 'give the provider an issuer of its own',
    });
  }
  if (issuer !== undefined && jwksUrl !== undefined) return { issuer, jwksUrl };
  if (issuer !== undefined || jwksUrl !== undefined) {
    const [given, missing] =
      issuer !== undefined ? ['JWT_ISSUER', 'JWT_JWKS_URL'] : ['JWT_JWKS_URL', 'JWT_ISSUER'];
    problems.add({
      name: missing,
      what: `is missing, and ${given} is set`,
      expected: 'both or none of them',
      remedy: `set ${missing} too, or unset ${given}`,
    });
  }
  return undefined;
}

function findFlaw(secret: string | undefined): string | undefined {
  if (secret === undefined) return 'is missing';
  if (isSampleSecret(secret)) return 'is a sample from documentation, which everybody knows';
  const length = Buffer.byteLength(secret);
  return length < MINIMUM_SECRET_BYTES ? `is too short (${length} bytes)` : undefined;
}
