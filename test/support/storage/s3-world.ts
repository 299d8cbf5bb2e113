/** The stand-in of an S3 to store in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCESS_KEY_ID, S3StandIn, SECRET_ACCESS_KEY } from './s3/stand-in.ts';
import { IMPATIENT_MS, type StandInWorld } from './world.ts';

const WRONG_SECRET = 'another-secret-never-to-be-seen';

export async function openS3World(): Promise<StandInWorld> {
  const standIn = await S3StandIn.create();
  const ledgerFolder = await mkdtemp(join(tmpdir(), 'kaa-storage-ledger-'));
  return {
    config: standIn.config,
    ledgerFolder,
    resumes: true,
    strays: async (prefix) =>
      [...standIn.contents.uploads.values()].map(({ key }) => key).filter((key) => key.startsWith(prefix)),
    elsewhere: {
      impatient: { ...standIn.config, timeoutMs: IMPATIENT_MS },
      wrongCredentials: {
        ...standIn.config,
        credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: WRONG_SECRET },
      },
      unreachable: { ...standIn.config, endpoint: 'http://127.0.0.1:9', timeoutMs: IMPATIENT_MS },
      secrets: [SECRET_ACCESS_KEY, WRONG_SECRET, ACCESS_KEY_ID],
      standIn: {
        faults: standIn.faults,
        skewClock: (ms) => {
          standIn.clockSkewMs = ms;
        },
      },
    },
    close: async () => {
      await standIn.close();
      await rm(ledgerFolder, { recursive: true, force: true });
    },
  };
}
