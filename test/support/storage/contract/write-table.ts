/** `bun run docs:storage`: runs the contract of storage against every provider, and writes the table in `docs/storage.md`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTCOMES_FOLDER, readOutcomes, SUBJECTS } from './outcomes.ts';
import { PAGE, putTable, renderTable } from './table.ts';

const folder = await mkdtemp(join(tmpdir(), 'kaa-contract-'));
try {
  const files = SUBJECTS.map((subject) => `test/integration/storage-${subject}.test.ts`);
  const long = 'test/integration/storage.long.test.ts';
  const suite = Bun.spawn([process.execPath, 'test', ...files, long, '-t', 'the contract of storage'], {
    cwd: join(import.meta.dir, '../../../..'),
    env: { ...process.env, [OUTCOMES_FOLDER]: folder, KAA_LONG: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if ((await suite.exited) === 0) {
    const [local, s3, minio, gcs, vercelBlob] = await Promise.all(
      SUBJECTS.map((subject) => readOutcomes(folder, subject)),
    );
    const table = renderTable({ local, s3, minio, gcs, 'vercel-blob': vercelBlob });
    await Bun.write(PAGE, putTable(await Bun.file(PAGE).text(), table));
  } else {
    console.error('The contract is not kept: the table stays as it is.');
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
