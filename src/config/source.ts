/** Where the texts of settings come from: the environment, and behind it the file that `CONFIG_FILE` names. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { codeOf, type Problems } from './problems.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The text of a setting, or `undefined` when it is not set. Blank counts as not set: compose files pass blanks on. */
export type Source = (name: string) => string | undefined;

export function openSource({ env, cwd, problems }: { env: Env; cwd: string; problems: Problems }): Source {
  const file = readConfigFile({ path: env.CONFIG_FILE?.trim() ?? '', cwd, problems });
  return (name) => env[name]?.trim() || file[name]?.trim() || undefined;
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
