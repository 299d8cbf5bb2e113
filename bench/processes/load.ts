/** The load generator as a process of its own. */
import { join } from 'node:path';
import type { LoadMethods } from '../load/main.ts';
import { Child } from './child.ts';

export function startLoad(): Child<LoadMethods> {
  return Child.start<LoadMethods>({
    command: [process.execPath, join(import.meta.dir, '../load/main.ts')],
    cwd: join(import.meta.dir, '../..'),
    env: {},
    onLine: (line) => console.error(line),
  });
}
