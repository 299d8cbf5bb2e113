/** Which database: one that is named, by a URL or by parts, or the one in the data folder. */
import { join } from 'node:path';
import { folder, host, port } from '../address.ts';
import { agree } from '../agree.ts';
import { anyOf, choice, text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional, type ValuesOf } from '../setting.ts';
import {
  type DatabaseParts,
  DEFAULT_DATABASE_PORT,
  databaseUrl,
  joinDatabaseUrl,
  splitDatabaseUrl,
} from './database-url.ts';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

export const databaseSettings = {
  DATABASE_URL: optional(databaseUrl(), {
    defaultText: 'PGlite, a PostgreSQL in this process, in DATA_DIR',
    isSecret: true,
    doc: 'A PostgreSQL, 15 or later. The parts below say the same; given together they must agree.',
  }),
  DB_HOST: optional(anyOf(host(), folder()), {
    doc: 'The host of the PostgreSQL, or the folder of its socket, when DATABASE_URL is not used.',
  }),
  DB_PORT: optional(port(), { defaultText: String(DEFAULT_DATABASE_PORT), doc: 'Its port.' }),
  DB_USER: optional(text('a user name'), { doc: 'The user to log in as.' }),
  DB_PASSWORD: optional(text('a password'), { isSecret: true, doc: "That user's password." }),
  DB_DATABASE: optional(text('the name of a database'), { doc: 'The database on that server.' }),
  DB_NAME: optional(text('the name of a database'), { doc: 'Another name of DB_DATABASE.' }),
  DB_SSLMODE: optional(choice(SSL_MODES), {
    defaultText: 'what the driver does by itself',
    doc: 'Whether the connection is encrypted, as PostgreSQL names it.',
  }),
};

export type DatabaseConfig =
  /** PGlite keeps its files in `dataDir`; one process at a time may open it. */
  | { readonly kind: 'pglite'; readonly dataDir: string }
  /** `url` holds the password: never show it. */
  | { readonly kind: 'postgres'; readonly url: string };

type Values = ValuesOf<typeof databaseSettings>;
type Name = keyof typeof databaseSettings;

export function readDatabase(reader: Reader, dataDir: string): DatabaseConfig {
  const values = readSettings(databaseSettings, reader);
  const name = agree({ DB_DATABASE: values.DB_DATABASE, DB_NAME: values.DB_NAME }, reader.problems);
  if (values.DATABASE_URL !== undefined) {
    const parts = splitDatabaseUrl(values.DATABASE_URL);
    checkAgreement(parts, { ...values, DB_DATABASE: name }, reader);
    refuseSample(parts, 'DATABASE_URL', reader);
    return { kind: 'postgres', url: values.DATABASE_URL };
  }
  if (!namesOf(databaseSettings).some((setting) => values[setting] !== undefined)) {
    return { kind: 'pglite', dataDir: join(dataDir, 'pglite') };
  }
  const parts = takeParts(values, name, reader);
  refuseSample(parts, 'DB_PASSWORD', reader);
  return { kind: 'postgres', url: joinDatabaseUrl(parts) };
}

function takeParts(values: Values, name: string | undefined, reader: Reader): DatabaseParts {
  requireParts({ DB_HOST: values.DB_HOST, DB_USER: values.DB_USER, DB_DATABASE: name }, reader);
  return {
    host: values.DB_HOST ?? 'localhost',
    port: values.DB_PORT ?? DEFAULT_DATABASE_PORT,
    user: values.DB_USER ?? '',
    password: values.DB_PASSWORD ?? '',
    name: name ?? '',
    sslMode: values.DB_SSLMODE,
  };
}

function checkAgreement(inUrl: DatabaseParts, values: Values, { problems }: Reader): void {
  const expected: Readonly<Partial<Record<Name, string | number | undefined>>> = {
    DB_HOST: inUrl.host,
    DB_PORT: inUrl.port,
    DB_USER: inUrl.user,
    DB_PASSWORD: inUrl.password,
    DB_DATABASE: inUrl.name,
    DB_SSLMODE: inUrl.sslMode,
  };
  const different = namesOf(expected).filter(
    (name) => values[name] !== undefined && values[name] !== expected[name],
  );
  if (different.length === 0) return;
  problems.add({
    name: `DATABASE_URL and ${different.join(', ')}`,
    what: 'disagree',
    expected: 'either DATABASE_URL or the DB_ settings, or the same in both',
    remedy: 'keep DATABASE_URL and unset the DB_ settings, or the other way round',
  });
}

function requireParts(
  parts: Readonly<Partial<Record<Name, string | undefined>>>,
  { source, problems }: Reader,
): void {
  // A setting that is there but cannot be read has been complained about already.
  const missing = namesOf(parts).filter((name) => parts[name] === undefined && source(name) === undefined);
  if (missing.length === 0 || source('DATABASE_URL') !== undefined) return;
  problems.add({
    name: missing.join(' and '),
    what: `${missing.length === 1 ? 'is' : 'are'} missing, but another DB_ setting is set`,
    expected: 'DB_HOST, DB_USER and DB_DATABASE together, or none of them',
    remedy: 'set what is missing, use DATABASE_URL, or unset them all to keep the database in DATA_DIR',
  });
}

function refuseSample({ password }: DatabaseParts, name: Name, { environment, problems }: Reader): void {
  if (environment !== 'production' || !isSampleSecret(password)) return;
  problems.add({
    name,
    what: 'uses a password that is printed in documentation',
    expected: 'a password that nobody can guess',
    remedy: 'give the database user a new one (openssl rand -base64 32)',
  });
}

function namesOf(values: Readonly<Partial<Record<Name, unknown>>>): Name[] {
  // `Object.keys` forgets which names it was given.
  return Object.keys(values) as Name[];
}
