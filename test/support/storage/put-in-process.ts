/**
 * Puts a file in a process of its own, to be measured and killed: `bun put-in-process.ts <JSON of PutOrder>`. Writes one line of
 * JSON, a `PutOutcome`, unless it is to kill itself on the way.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { openStorage, type StoragePlace } from './world.ts';

export interface PutOrder {
  readonly world: StoragePlace;
  readonly key: string;
  readonly path: string;
  /** With SIGKILL, as soon as so many bytes are there. */
  readonly killAfterBytes?: number;
}

export interface PutOutcome {
  readonly size: number;
  /** How many bytes were there when it was first told: what an earlier process had brought there. */
  readonly firstProgress: number;
  /** How much the resident memory grew above what it was before, in bytes. */
  readonly grownBytes: number;
}

export async function putInProcess(order: PutOrder): Promise<PutOutcome | 'killed'> {
  const child = Bun.spawn(
    [
      process.execPath,
      import.meta.path,
      JSON.stringify({
        ...order,
        world: { config: order.world.config, ledgerFolder: order.world.ledgerFolder },
      }),
    ],
    {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (child.signalCode === 'SIGKILL') return 'killed';
  if (child.exitCode !== 0) throw new Error(`the process ended with ${child.exitCode}: ${complaint}`);
  // Our own line.
  return JSON.parse(output) as PutOutcome;
}

async function run({
  world,
  key,
  path,
  killAfterBytes = Number.POSITIVE_INFINITY,
}: PutOrder): Promise<PutOutcome> {
  const storage = await openStorage(world);
  // Whatever is loaded and compiled at the first use is no memory of an upload.
  const small = `${path}.small`;
  await writeFile(small, 'warm');
  await storage.put(`${key}-small`, small, { type: 'text/plain' });
  const before = await memory('VmRSS');
  // Makes the peak the present size (proc(5)).
  await writeFile('/proc/self/clear_refs', '5');
  let firstProgress: number | undefined;
  const { size } = await storage.put(key, path, {
    type: 'video/mp4',
    onProgress: (bytes) => {
      firstProgress ??= bytes;
      if (bytes >= killAfterBytes) process.kill(process.pid, 'SIGKILL');
    },
  });
  const grownBytes = (await memory('VmHWM')) - before;
  await storage.close();
  return { size, firstProgress: firstProgress ?? 0, grownBytes };
}

async function memory(name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
}

if (import.meta.main) console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? ''))));
