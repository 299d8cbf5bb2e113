import type { StorageConfig } from '../config/index.ts';
import { LocalStorage } from './local.ts';
import type { StorageProvider } from './provider.ts';

export type { ObjectPage, PutOptions, StorageProvider, StoredObject } from './provider.ts';

/** The provider that the configuration names. Rejects with what keeps it from working, in words. */
export function createStorage(config: StorageConfig): Promise<StorageProvider> {
  return LocalStorage.create(config.outputDir);
}
