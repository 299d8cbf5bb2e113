/** Recordings that are there already, as rows and files, for tests of those who look at them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../src/lib/index.ts';
import type { TestServer } from './server.ts';

export interface RecordedFile {
  readonly name: string;
  readonly kind: 'composed' | 'thumbnail' | 'manifest';
  readonly type: string;
  /** Where its bytes are. */
  readonly path: string;
}

export interface Recorded {
  readonly ownerId: string;
  readonly name: string;
  /** Absent: it failed. */
  readonly files?: readonly RecordedFile[];
  readonly durationSeconds?: number;
  readonly failureReason?: string;
  /** What its row says. */
  readonly storage?: 'local' | 's3';
}

/** Of no call that is known; its owner may see and delete it. Gives its id. */
export async function addRecording(server: TestServer, recorded: Recorded): Promise<string> {
  const {
    ownerId,
    name,
    files,
    durationSeconds = 1,
    failureReason = 'Nothing was captured.',
    storage = 'local',
  } = recorded;
  const { recordingRepository: rows } = server.app.calls;
  const id = newId();
  await rows.insert({ id, kind: 'call', roomId: 'earlier', ownerId, name, status: 'failed' });
  if (!files) {
    await rows.fail(id, failureReason);
    return id;
  }
  const stored = await Promise.all(
    files.map(async ({ path, ...file }) => {
      const key = `calls/${id}/${file.name}`;
      const bytes = await readFile(path);
      await Bun.write(join(server.dataDir, 'recordings', key), bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { recordingId: id, ...file, size: bytes.length, key, sha256 };
    }),
  );
  const main = stored.find(({ kind }) => kind === 'composed');
  await rows.complete(
    id,
    {
      duration: durationSeconds,
      fileSize: stored.reduce((sum, { size }) => sum + size, 0),
      filePath: main?.key ?? '',
      trackCount: 1,
      storage,
      startedAt: new Date(),
    },
    stored,
  );
  return id;
}
