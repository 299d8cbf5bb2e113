/** The bare script as a process of its own. */
import { join } from 'node:path';
import type { BareProcessMethods } from '../bare/main.ts';
import { Child } from './child.ts';
import { workerBin } from './kaa.ts';

export interface BareProcess {
  readonly url: string;
  /** Where it speaks as much of Kaa's signalling as a join takes. */
  readonly signalingUrl: string;
  readonly pid: number;
  readonly workerPids: readonly number[];
  readonly script: Child<BareProcessMethods>;
  /** Twice is no error. */
  close(): Promise<void>;
}

export async function startBare(): Promise<BareProcess> {
  const script = Child.start<BareProcessMethods>({
    command: [process.execPath, join(import.meta.dir, '../bare/main.ts')],
    cwd: join(import.meta.dir, '../..'),
    env: workerBin(),
    onLine: (line) => console.error(line),
  });
  const close = () => script.close();
  try {
    const { url, signalingUrl, workerPid } = await script.call('start', null);
    return { url, signalingUrl, pid: script.pid, workerPids: [workerPid], script, close };
  } catch (error) {
    await close();
    throw error;
  }
}
