/** Where a PostgreSQL server is and as whom to go there; keeps the password out of everything that is shown. */
import { AppError } from '../../lib/index.ts';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

const DEFAULT_PORT = 5432;

export interface Target {
  /** A name, an address, or the folder of a Unix socket (begins with `/`). */
  host: string;
  port: number;
  database: string;
  user: string;
  /** A function, so that showing the target does not show it. */
  password: () => string;
  sslMode: SslMode | undefined;
  /** Other parameters of the URL, for the server. */
  parameters: Record<string, string>;
}

/** Takes `postgres://user:password@host:port/database?sslmode=…&host=…`. Throws `database_url_invalid`. */
export function parseTarget(text: string): Target {
  const url = parseUrl(text);
  const parameters = Object.fromEntries(url.searchParams);
  const { host: socketFolder, sslmode, ...rest } = parameters;
  const user = decode(url.username);
  const password = decode(url.password);
  return {
    host: socketFolder ?? (decode(url.hostname) || 'localhost'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: decode(url.pathname.slice(1)) || user,
    user,
    password: () => password,
    sslMode: parseSslMode(sslmode),
    parameters: rest,
  };
}

/** `host:port, database "name"`. */
export function describeTarget(target: Target): string {
  const { host, port, database } = target;
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}, database "${database}"`;
}

/** The text without the password, as it is or as a URL writes it. */
export function redactPassword(text: string, target: Target): string {
  const password = target.password();
  if (password === '') return text;
  return text.replaceAll(password, '[redacted]').replaceAll(encodeURIComponent(password), '[redacted]');
}

function parseUrl(text: string): URL {
  // The error of `new URL` holds the whole URL, so it is not passed on.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw invalidUrlError('it must look like postgres://user:password@host:5432/database');
  }
  if (url.username === '') throw invalidUrlError('it names no user');
  return url;
}

function parseSslMode(text: string | undefined): SslMode | undefined {
  if (text === undefined) return undefined;
  const mode = SSL_MODES.find((known) => known === text);
  if (!mode) throw invalidUrlError(`sslmode must be one of ${SSL_MODES.join(', ')}`);
  return mode;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrlError('a % in it is not followed by two hexadecimal digits (write it as %25)');
  }
}

function invalidUrlError(reason: string): AppError {
  return new AppError('database_url_invalid', `The URL of the database cannot be used: ${reason}`, 'server');
}
