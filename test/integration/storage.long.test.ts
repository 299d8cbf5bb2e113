/** The long part of the contract of storage: large files, against every provider. */
import { findMinio } from '../../scripts/minio.ts';
import { describeLong } from '../support/long.ts';
import { describeContract } from '../support/storage/contract/index.ts';
import { openLocalWorld } from '../support/storage/local-world.ts';
import { openMinioWorld } from '../support/storage/minio.ts';
import { STAND_IN_NAMES, STAND_IN_WORLDS } from '../support/storage/stand-in-worlds.ts';

const minio = await findMinio();

describeLong('large files', () => {
  describeContract('local', openLocalWorld, 'long');
  for (const name of STAND_IN_NAMES) describeContract(name, STAND_IN_WORLDS[name], 'long');
  if (minio) describeContract('minio', () => openMinioWorld(minio), 'long');
});
