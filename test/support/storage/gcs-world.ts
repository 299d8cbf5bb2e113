/** The stand-in of a Google Cloud Storage to store in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServiceAccount } from './gcs/service-account.ts';
import { BUCKET, GcsStandIn } from './gcs/stand-in.ts';
import { IMPATIENT_MS, type StandInWorld } from './world.ts';

export async function openGcsWorld(): Promise<StandInWorld> {
  const [account, other] = await Promise.all([createServiceAccount(), createServiceAccount()]);
  const standIn = await GcsStandIn.create(account);
  const ledgerFolder = await mkdtemp(join(tmpdir(), 'kaa-storage-ledger-'));
  const config = {
    provider: 'gcs',
    bucket: BUCKET,
    keyFile: account.keyFile,
    endpoint: standIn.endpoint,
    timeoutMs: 20_000,
  } as const;
  const secretOf = ({ privateKey }: { privateKey: string }) => privateKey.split('\n')[3] ?? '';
  return {
    config,
    ledgerFolder,
    resumes: true,
    strays: async (prefix) => standIn.unfinished.filter((key) => key.startsWith(prefix)),
    elsewhere: {
      impatient: { ...config, timeoutMs: IMPATIENT_MS },
      wrongCredentials: { ...config, keyFile: other.keyFile },
      unreachable: { ...config, endpoint: 'http://127.0.0.1:9', timeoutMs: IMPATIENT_MS },
      secrets: [secretOf(account), secretOf(other)],
      standIn: {
        faults: standIn.faults,
        skewClock: (ms) => {
          standIn.clockSkewMs = ms;
        },
      },
    },
    close: async () => {
      await standIn.close();
      for (const folder of [ledgerFolder, account.folder, other.folder])
        await rm(folder, { recursive: true, force: true });
    },
  };
}
