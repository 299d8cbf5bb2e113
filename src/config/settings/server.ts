/** The process itself: which environment, where it keeps its files, how it logs and stops. */
import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { choice, text } from '../format.ts';
import { codeOf } from '../problems.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { ENVIRONMENTS, type Environment, optional, setting } from '../setting.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;

export const environmentSettings = {
  NODE_ENV: setting(choice(ENVIRONMENTS), {
    default: 'development',
    doc: 'In production Kaa refuses to start with what is only fit for development, and listens to the world; in development it needs no settings at all.',
  }),
  CONFIG_FILE: optional(text('the path of a file'), {
    doc: 'A file of NAME=value lines, read before the environment. What the environment sets wins.',
  }),
};

export const serverSettings = {
  DATA_DIR: setting(text('the path of a folder that Kaa may write'), {
    default: './data',
    doc: 'The folder for everything that must last: the database when no other is named, and the secret of development. A relative path starts at the working directory.',
  }),
  SERVICE_NAME: setting(text('a name'), {
    default: 'recording-service',
    doc: 'The name under which the server reports its health and writes its logs.',
  }),
  DRAIN_TIMEOUT: setting(duration({ minimumMs: 0, maximumMs: 3_600_000 }), {
    default: 30_000,
    doc: 'How long a server that was asked to stop waits for calls and connections to end.',
  }),
  LOG_LEVEL: setting(choice(LOG_LEVELS), {
    default: 'info',
    doc: 'The least important kind of line that is logged.',
  }),
  LOG_FORMAT: setting(choice(LOG_FORMATS), {
    default: 'auto',
    doc: 'How a line looks: JSON for machines, pretty for people; auto is pretty in a terminal and JSON elsewhere.',
  }),
};

export interface ServerConfig {
  readonly serviceName: string;
  /** Absolute. It exists, and could be written when the configuration was loaded. */
  readonly dataDir: string;
  readonly drainTimeoutMs: number;
  readonly log: {
    readonly level: (typeof LOG_LEVELS)[number];
    readonly format: (typeof LOG_FORMATS)[number];
  };
}

/** Comes before all other groups, because their defaults depend on it. A word that is not understood counts as production. */
export function readEnvironment(reader: Omit<Reader, 'environment'>): Environment {
  const problemsBefore = reader.problems.list.length;
  const { NODE_ENV } = readSettings(environmentSettings, { ...reader, environment: 'production' });
  return reader.problems.list.length > problemsBefore ? 'production' : NODE_ENV;
}

export function readServer(reader: Reader): ServerConfig {
  const values = readSettings(serverSettings, reader);
  const dataDir = resolve(reader.cwd, values.DATA_DIR);
  checkFolder(dataDir, reader);
  return {
    serviceName: values.SERVICE_NAME,
    dataDir,
    drainTimeoutMs: values.DRAIN_TIMEOUT,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
  };
}

function checkFolder(folder: string, { problems }: Reader): void {
  const obstacle = findObstacle(folder);
  if (obstacle === undefined) return;
  problems.add({
    name: 'DATA_DIR',
    what: `is ${folder}, which ${obstacle}`,
    expected: 'a folder that the user of the server may write, or may create',
    remedy: 'choose another folder, or give that one to the user that runs Kaa (chown)',
  });
}

/** Tries it, because rights alone do not tell: a file system may be read-only, and root ignores rights. */
function findObstacle(folder: string): string | undefined {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) return 'is not a folder';
    mkdirSync(folder, { recursive: true });
    rmdirSync(mkdtempSync(join(folder, '.probe-')));
    return undefined;
  } catch (error) {
    return `cannot be written (${codeOf(error)})`;
  }
}
