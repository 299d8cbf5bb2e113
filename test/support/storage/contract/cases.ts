/** All sentences of the contract of storage, in the order of the table. */
import type { ContractCase, ElsewhereCase } from './contract-case.ts';
import { ELSEWHERE_CASES } from './elsewhere.ts';
import { KEY_CASES } from './keys.ts';
import { OBJECT_CASES } from './objects.ts';
import type { SubjectName } from './outcomes.ts';
import { PROCESS_CASES } from './processes.ts';

/** `here`: a folder of this machine. `elsewhere`: over a network. `stand-in`: elsewhere, and it fails on demand. */
export type Kind = 'here' | 'elsewhere' | 'stand-in';

export const KINDS: Readonly<Record<SubjectName, Kind>> = {
  local: 'here',
  s3: 'stand-in',
  minio: 'elsewhere',
  gcs: 'stand-in',
  'vercel-blob': 'stand-in',
};

export const COMMON_CASES: readonly ContractCase[] = [...OBJECT_CASES, ...KEY_CASES, ...PROCESS_CASES];

export const TITLES: readonly string[] = [...COMMON_CASES, ...ELSEWHERE_CASES].map(({ title }) => title);

/** Undefined when it is. */
export function whyNotRun({ needsStandIn }: ElsewhereCase, kind: Kind): string | undefined {
  if (kind === 'here') return 'no network';
  return needsStandIn && kind === 'elsewhere' ? 'stand-in alone' : undefined;
}
