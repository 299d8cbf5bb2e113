/** Files of recordings in an S3: the contract of storage against a strict stand-in, and one that lists what is gone. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, FileLedger } from '../../src/storage/index.ts';
import { describeContract } from '../support/storage/contract/index.ts';
import { S3StandIn } from '../support/storage/s3/stand-in.ts';
import { openS3World } from '../support/storage/s3-world.ts';

describeContract('s3', openS3World);

test('an upload that is listed for ever after it was ended is ended once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-storage-listed-'));
  const standIn = await S3StandIn.create();
  const ledger = await FileLedger.create(folder);
  const storage = await createStorage(standIn.config, ledger);
  try {
    standIn.contents.begin('calls/x/film.mp4', 'video/mp4');
    standIn.contents.uploads.delete = () => true;
    await ledger.save('calls/x/film.mp4', { uploadId: '', size: 4, partBytes: 4, parts: [] });
    await writeFile(join(folder, 'film'), 'film');
    await storage.put('calls/x/film.mp4', join(folder, 'film'), { type: 'video/mp4' });
    expect(standIn.asked.filter((name) => name === 'AbortUpload')).toHaveLength(1);
    expect(await ledger.load('calls/x/film.mp4')).toBeUndefined();
  } finally {
    await storage.close();
    await standIn.close();
    await rm(folder, { recursive: true });
  }
});
