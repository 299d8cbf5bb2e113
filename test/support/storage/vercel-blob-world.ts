/** The stand-in of a Vercel Blob to store in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET, VercelBlobStandIn } from './vercel-blob/stand-in.ts';
import { IMPATIENT_MS, type StandInWorld } from './world.ts';

const WRONG_SECRET = 'anotherSecretNeverToBeSeen';

export async function openVercelBlobWorld(): Promise<StandInWorld> {
  const standIn = await VercelBlobStandIn.create();
  const { config } = standIn;
  const ledgerFolder = await mkdtemp(join(tmpdir(), 'kaa-storage-ledger-'));
  return {
    config,
    ledgerFolder,
    resumes: true,
    strays: async (prefix) => standIn.contents.unfinished.filter((pathname) => pathname.startsWith(prefix)),
    elsewhere: {
      impatient: { ...config, timeoutMs: IMPATIENT_MS },
      wrongCredentials: { ...config, token: config.token.replace(SECRET, WRONG_SECRET) },
      unreachable: { ...config, apiUrl: 'http://127.0.0.1:9/api/blob', timeoutMs: IMPATIENT_MS },
      secrets: [SECRET, WRONG_SECRET],
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
