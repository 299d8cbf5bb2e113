/** One sentence of the contract of storage, and how it is proved. */
import type { StorageProvider } from '../../../../src/storage/index.ts';
import type { StorageWorld, Workshop } from '../world.ts';

export interface Subject {
  readonly storage: StorageProvider;
  readonly world: StorageWorld;
  readonly workshop: Workshop;
  /** Of this case alone; ends with a slash. */
  readonly prefix: string;
}

export interface ContractCase {
  readonly title: string;
  readonly timeoutMs?: number;
  run(subject: Subject): Promise<void>;
}
