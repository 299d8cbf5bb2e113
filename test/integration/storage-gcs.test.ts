/** Files of recordings in Google Cloud Storage: the contract of storage through the real SDK against a stand-in. */
import { describeContract } from '../support/storage/contract/index.ts';
import { openGcsWorld } from '../support/storage/gcs-world.ts';

describeContract('gcs', openGcsWorld);
