/** One sentence of the contract of storage, and how it is proved. */
import type { StorageConfig } from '../../../../src/config/index.ts';
import type { StorageProvider } from '../../../../src/storage/index.ts';
import type { FaultPlan } from '../faults.ts';
import type { Elsewhere, StorageWorld, Workshop } from '../world.ts';

/** What the table tells besides that it holds: what was measured, or what there is not. */
// biome-ignore lint/suspicious/noConfusingVoidType: most cases tell nothing.
export type CaseNote = string | void;

export interface Subject {
  readonly storage: StorageProvider;
  readonly world: StorageWorld;
  readonly workshop: Workshop;
  /** Of this case alone; ends with a slash. */
  readonly prefix: string;
}

/** A case of storages elsewhere. */
export interface ElsewhereCase {
  readonly title: string;
  /** Whether it wants a storage that fails on demand. */
  readonly needsStandIn: boolean;
  readonly timeoutMs?: number;
  run(subject: ElsewhereSubject): Promise<CaseNote>;
}

export interface ElsewhereSubject extends Subject {
  readonly elsewhere: Elsewhere;
  /** Opens the storage otherwise, with the same ledger. It is closed after the case. */
  open(config: StorageConfig): Promise<StorageProvider>;
  /** Plans what goes wrong. Of stand-ins alone. */
  readonly faults: FaultPlan;
}

export interface ContractCase {
  readonly title: string;
  /** In the long suite alone. */
  readonly isLong?: boolean;
  readonly timeoutMs?: number;
  run(subject: Subject): Promise<CaseNote>;
}
