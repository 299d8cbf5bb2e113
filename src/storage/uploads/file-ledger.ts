/** A ledger of uploads in a folder: a file each, replaced as a whole. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type UnfinishedUpload, UnfinishedUploadSchema, type UploadLedger } from './ledger.ts';

const Entry = Type.Object({ key: Type.String(), upload: UnfinishedUploadSchema });

export class FileLedger implements UploadLedger {
  readonly #folder: string;

  static async create(folder: string): Promise<FileLedger> {
    await mkdir(folder, { recursive: true });
    return new FileLedger(folder);
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  async load(key: string): Promise<UnfinishedUpload | undefined> {
    return (await this.#read(this.#nameOf(key)))?.upload;
  }

  async save(key: string, upload: UnfinishedUpload): Promise<void> {
    const path = join(this.#folder, this.#nameOf(key));
    const file = await open(`${path}.part`, 'w');
    try {
      await file.writeFile(JSON.stringify({ key, upload }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  }

  async clear(key: string): Promise<void> {
    await rm(join(this.#folder, this.#nameOf(key)), { force: true });
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'));
    const entries = await Promise.all(names.map((name) => this.#read(name)));
    return entries.flatMap((entry) => (entry?.key.startsWith(prefix) ? [entry.key] : []));
  }

  #nameOf(key: string): string {
    return `${createHash('sha256').update(key).digest('hex')}.json`;
  }

  /** What cannot be read is not known: the upload begins anew. */
  async #read(name: string): Promise<typeof Entry.static | undefined> {
    try {
      const entry: unknown = JSON.parse(await readFile(join(this.#folder, name), 'utf8'));
      return Value.Check(Entry, entry) ? entry : undefined;
    } catch {
      return undefined;
    }
  }
}
