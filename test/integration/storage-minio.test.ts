/** Files of recordings in a real MinIO: the contract of storage. `bun run minio` builds one. */
import { test } from 'bun:test';
import { findMinio } from '../../scripts/minio.ts';
import { describeContract } from '../support/storage/contract/index.ts';
import { openMinioWorld } from '../support/storage/minio.ts';

const program = await findMinio();
if (program) describeContract('minio', () => openMinioWorld(program));
else test.skip('the contract of storage, minio: there is none; "bun run minio" builds it once', () => {});
