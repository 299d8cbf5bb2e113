/** Files of recordings in an S3: the contract of storage against a strict stand-in. */
import { describeContract } from '../support/storage/contract/index.ts';
import { openS3World } from '../support/storage/s3-world.ts';

describeContract('s3', openS3World);
