/** The URL of a PostgreSQL and its parts: one made from the other. */
import { Type } from '@sinclair/typebox';
import { type Format, format } from '../format.ts';

export const DEFAULT_DATABASE_PORT = 5432;

export interface DatabaseParts {
  /** A name, an address, or the folder of a socket (begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly sslMode: string | undefined;
}

export function databaseUrl(): Format<string> {
  return format({
    schema: Type.String({ minLength: 1 }),
    expected:
      'a URL such as postgres://user:password@host:5432/database, in which special characters of the password are percent-encoded',
    read: (value) => (isDatabaseUrl(value) ? value : undefined),
  });
}

export function splitDatabaseUrl(text: string): DatabaseParts {
  const url = new URL(text);
  return {
    host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || DEFAULT_DATABASE_PORT,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    name: decodeURIComponent(url.pathname.slice(1)),
    sslMode: url.searchParams.get('sslmode') ?? undefined,
  };
}

export function joinDatabaseUrl(parts: DatabaseParts): string {
  const isSocket = parts.host.startsWith('/');
  const url = new URL('postgres://localhost');
  if (!isSocket) url.hostname = parts.host.includes(':') ? `[${parts.host}]` : parts.host;
  url.port = String(parts.port);
  url.username = encodeURIComponent(parts.user);
  url.password = encodeURIComponent(parts.password);
  url.pathname = `/${encodeURIComponent(parts.name)}`;
  if (isSocket) url.searchParams.set('host', parts.host);
  if (parts.sslMode !== undefined) url.searchParams.set('sslmode', parts.sslMode);
  return url.href;
}

function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, pathname } = new URL(text);
  const isDecodable = [username, password, hostname, pathname].every(
    (part) => !/%(?![0-9a-f]{2})/i.test(part),
  );
  return ['postgres:', 'postgresql:'].includes(protocol) && username !== '' && isDecodable;
}
