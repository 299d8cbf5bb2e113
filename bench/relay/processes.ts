/** Starts the two processes beside Kaa: the bare loop, and the audience of both. */
import { join } from 'node:path';
import { Child } from '../processes/child.ts';
import type { AudienceMethods } from './audience.ts';
import type { BareRelayMethods } from './main.ts';

export interface BareRelay {
  readonly pid: number;
  readonly url: string;
  close(): Promise<void>;
}

export async function startBareRelay(): Promise<BareRelay> {
  const script = start<BareRelayMethods>('main.ts');
  try {
    const url = await script.call('start', null);
    return { pid: script.pid, url, close: () => script.close() };
  } catch (error) {
    await script.close();
    throw error;
  }
}

export function startAudience(): Child<AudienceMethods> {
  return start<AudienceMethods>('audience.ts');
}

function start<M extends AudienceMethods | BareRelayMethods>(file: string): Child<M> {
  return Child.start<M>({
    command: [process.execPath, join(import.meta.dir, file)],
    cwd: join(import.meta.dir, '../..'),
    env: {},
    onLine: (line) => console.error(line),
  });
}
