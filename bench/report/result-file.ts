/** Keeps a result as JSON, with the machine under it, so that runs can be compared later. */
import { join } from 'node:path';
import type { Result } from '../benchmark.ts';
import type { Machine } from '../measure/machine.ts';

const FOLDER = join(import.meta.dir, '../results');

export interface ResultRecord {
  readonly name: string;
  readonly startedAt: Date;
  readonly isSmoke: boolean;
  readonly machine: Machine;
  readonly result: Result;
}

/** Returns the path. */
export async function writeResult(record: ResultRecord, folder = FOLDER): Promise<string> {
  const time = record.startedAt.toISOString().slice(0, 19).replaceAll(':', '');
  const path = join(folder, `${time}-${record.name}${record.isSmoke ? '-smoke' : ''}.json`);
  await Bun.write(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}
