/** A service account of tests: its key file for the client, and its public key for the stand-in. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServiceAccount {
  readonly email: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly folder: string;
  readonly keyFile: string;
}

export async function createServiceAccount(): Promise<ServiceAccount> {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-gcs-'));
  const email = 'kaa@test-project.iam.gserviceaccount.com';
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyFile = join(folder, 'key.json');
  const content = {
    type: 'service_account',
    project_id: 'test-project',
    private_key_id: 'test-key',
    private_key: privateKey,
    client_email: email,
    client_id: '1',
  };
  await writeFile(keyFile, JSON.stringify(content));
  return { email, publicKey, privateKey, folder, keyFile };
}
