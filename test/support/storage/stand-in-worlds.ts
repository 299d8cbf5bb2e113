/** The storages elsewhere that fail on demand, for tests of the whole server. */
import { openGcsWorld } from './gcs-world.ts';
import { openS3World } from './s3-world.ts';
import { openVercelBlobWorld } from './vercel-blob-world.ts';
import type { StandInWorld } from './world.ts';

export const STAND_IN_NAMES = ['s3', 'gcs', 'vercel-blob'] as const;
export type StandInName = (typeof STAND_IN_NAMES)[number];

export const STAND_IN_WORLDS: Readonly<Record<StandInName, () => Promise<StandInWorld>>> = {
  s3: openS3World,
  gcs: openGcsWorld,
  'vercel-blob': openVercelBlobWorld,
};
