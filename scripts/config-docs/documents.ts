/** The documents that are made from the list of settings. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingGroups } from '../../src/config/index.ts';
import { renderExampleFile } from './example-file.ts';
import { renderReferencePage } from './reference-page.ts';

const PROJECT = join(import.meta.dir, '../..');
const DOCUMENTS = [
  { path: '.env.example', render: renderExampleFile },
  { path: 'docs/configuration.md', render: renderReferencePage },
];

/** The paths of the documents that are not what the settings say. */
export async function findStaleDocuments(): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, render } of DOCUMENTS) {
    const written = await readFile(join(PROJECT, path), 'utf8').catch(() => undefined);
    if (written !== render(settingGroups)) stale.push(path);
  }
  return stale;
}

export async function writeDocuments(): Promise<void> {
  for (const { path, render } of DOCUMENTS) await writeFile(join(PROJECT, path), render(settingGroups));
}
