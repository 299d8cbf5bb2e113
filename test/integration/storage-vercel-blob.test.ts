/** Files of recordings in Vercel Blob: the contract of storage through the real SDK against a stand-in. */
import { describeContract } from '../support/storage/contract/index.ts';
import { openVercelBlobWorld } from '../support/storage/vercel-blob-world.ts';

describeContract('vercel-blob', openVercelBlobWorld);
