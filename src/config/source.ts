/**
 * Where the texts of settings come from: what a program gave, behind it the environment, and behind that the file that
 * `CONFIG_FILE` names.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { codeOf, type Problems } from './problems.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The text of a setting, or `undefined` when it is not set. Blank counts as not set: compose files pass blanks on. */
export type Source = (name: string) => string | undefined;

export interface SourceOptions {
  /** Not trimmed again; an empty text is a value. */
  readonly given: Env;
  readonly env: Env;
  readonly cwd: string;
  /** Names that are not looked for in the environment and in the file. */
  readonly unread: readonly string[];
  readonly problems: Problems;
}

export function openSource({ given, env, cwd, unread, problems }: SourceOptions): Source {
  const path = given.CONFIG_FILE ?? env.CONFIG_FILE?.trim() ?? '';
  const file = readConfigFile({ path, cwd, problems });
  const found = (name: string) => env[name]?.trim() || file[name]?.trim() || undefined;
  return (name) => given[name] ?? (unread.includes(name) ? undefined : found(name));
}

function readConfigFile({ path, cwd, problems }: { path: string; cwd: string; problems: Problems }): Env {
  if (path === '') return {};
  try {
    return parseEnv(readFileSync(resolve(cwd, path), 'utf8'));
  } catch (error) {
    problems.add({
      name: 'CONFIG_FILE',
      what: `names ${resolve(cwd, path)}, which cannot be read (${codeOf(error)})`,
      expected: 'a file of NAME=value lines, like .env.example',
      remedy: 'correct the path or the rights of the file, or unset CONFIG_FILE',
    });
    return {};
  }
}
