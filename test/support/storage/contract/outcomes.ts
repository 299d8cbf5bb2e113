/** What came of the contract of storage, written down for the table in `docs/storage.md`: a file of JSON a subject. */
import { join } from 'node:path';

/** The subjects of the contract, in the order of their columns. */
export const SUBJECTS = ['local', 's3', 'minio', 'gcs', 'vercel-blob'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** By the title of a case: `passed`, with what was measured, or why it was not run. */
export type Outcomes = Record<string, { readonly passed: boolean; readonly note?: string }>;

/** The folder that outcomes are written to; set by `bun run docs:storage` alone. */
export const OUTCOMES_FOLDER = 'KAA_CONTRACT_OUTCOMES';

export type Part = 'usual' | 'long';

export async function writeOutcomes(subject: SubjectName, part: Part, outcomes: Outcomes): Promise<void> {
  const folder = process.env[OUTCOMES_FOLDER];
  if (folder !== undefined)
    await Bun.write(join(folder, `${subject}-${part}.json`), JSON.stringify(outcomes));
}

export async function readOutcomes(folder: string, subject: SubjectName): Promise<Outcomes | undefined> {
  const parts: Outcomes[] = [];
  for (const part of ['usual', 'long'] satisfies Part[]) {
    const file = Bun.file(join(folder, `${subject}-${part}.json`));
    if (await file.exists()) parts.push((await file.json()) as Outcomes);
  }
  return parts.length === 0 ? undefined : Object.assign({}, ...parts);
}
