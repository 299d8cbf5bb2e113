import type { StorageConfig } from '../config/index.ts';
import { LocalStorage } from './local/local-storage.ts';
import type { StorageProvider } from './provider.ts';

export type {
  ByteRange,
  ListOptions,
  ObjectPage,
  PutOptions,
  StorageProvider,
  StoredObject,
} from './provider.ts';

/** The provider that the configuration names. Rejects with what keeps it from working, in words. */
export function createStorage(config: StorageConfig): Promise<StorageProvider> {
  return LocalStorage.create(config.outputDir);
}
