/** A file that a setting names, and that the server has to be able to read. */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Reader } from './read.ts';

/** Gives the absolute path; notes a problem when it cannot be read. */
export function readableFile(name: string, path: string, { cwd, problems }: Reader): string {
  const absolute = resolve(cwd, path);
  try {
    accessSync(absolute, constants.R_OK);
  } catch {
    problems.add({
      name,
      what: `names ${absolute}, which cannot be read`,
      expected: 'a file that the user of the server may read',
      remedy: 'correct the path or the rights of the file',
    });
  }
  return absolute;
}
