/** Runs in a Bun Worker: owns the one PGlite, so that its computing never holds up the thread that moves media. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { assertNever } from '../../lib/index.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { SharedSession } from './shared-session.ts';

declare const self: Worker;

let database: PGlite | undefined;
let session: SharedSession | undefined;

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

async function open(folder: string): Promise<void> {
  if (!existsSync(folder)) await createCluster(folder);
  const opened = await PGlite.create(folder);
  database = opened;
  session = new SharedSession({
    // PGlite answers a startup message with a view of a buffer that it goes on using: what leaves is a copy.
    execute: async (bytes) => (await opened.execProtocolRaw(bytes)).slice(),
    onAnswer: (connection, bytes) =>
      say({ kind: 'backend', connection, bytes }, [bytes.buffer as ArrayBuffer]),
    onFailure: (connection, error) => say({ kind: 'broken', connection, text: String(error) }),
  });
}

/** A process killed while it makes the cluster leaves no half of one: it gets its name when it is whole. */
async function createCluster(folder: string): Promise<void> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const created = await PGlite.create(unfinished);
  await created.close();
  await rename(unfinished, folder);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'open':
      try {
        await open(message.folder);
        say({ kind: 'opened' });
      } catch (error) {
        say({ kind: 'open-failed', text: String(error) });
      }
      return;
    case 'frontend':
      session?.submit(message.connection, message.bytes);
      return;
    case 'hang-up':
      session?.hangUp(message.connection);
      return;
    case 'close':
      await session?.idle();
      session = undefined;
      // The write-ahead log holds whatever a failing close did not write back, so closing goes on.
      await database?.close().catch(() => {});
      say({ kind: 'closed' });
      return;
    default:
      assertNever(message, 'message to the database worker');
  }
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  void handle(event.data);
};
