/** A place to store in, as the contract of storage needs it: a configuration that is real, and a look behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageConfig } from '../../../src/config/index.ts';
import { createStorage, FileLedger, type StorageProvider } from '../../../src/storage/index.ts';
import type { FaultPlan } from './faults.ts';

/** Of a storage that is made to hang; a part of 5 MiB arrives in less on a slow machine too. */
export const IMPATIENT_MS = 500;

/** All that another process needs to store there too. */
export interface StoragePlace {
  readonly config: StorageConfig;
  readonly ledgerFolder: string;
}

export interface StorageWorld extends StoragePlace {
  /** Whether a put goes on where a killed process was. */
  readonly resumes: boolean;
  /** What was begun of these keys and is not there: part files, unfinished uploads. */
  strays(prefix: string): Promise<string[]>;
  /** Of a storage elsewhere: how it can be made to fail. */
  readonly elsewhere?: Elsewhere;
  close(): Promise<void>;
}

export interface Elsewhere {
  /** The same, with little patience. */
  readonly impatient: StorageConfig;
  readonly wrongCredentials: StorageConfig;
  /** Where nobody listens. */
  readonly unreachable: StorageConfig;
  /** What must never be seen. */
  readonly secrets: readonly string[];
  /** Of stand-ins alone. */
  readonly standIn?: {
    readonly faults: FaultPlan;
    /** Sets its clock so many milliseconds ahead. */
    skewClock(ms: number): void;
  };
}

/** One that fails on demand. */
export interface StandInWorld extends StorageWorld {
  readonly elsewhere: Elsewhere & { readonly standIn: NonNullable<Elsewhere['standIn']> };
}

export async function openStorage({ config, ledgerFolder }: StoragePlace): Promise<StorageProvider> {
  return createStorage(freeze(config), await FileLedger.create(ledgerFolder));
}

/** As the configuration of a server is: nobody may write into it. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** A folder for one test file. */
export class Workshop {
  readonly path: string;
  readonly #written = new Map<string, string>();

  static async create(): Promise<Workshop> {
    return new Workshop(await mkdtemp(join(tmpdir(), 'kaa-storage-')));
  }

  private constructor(path: string) {
    this.path = path;
  }

  /** Writes a file whose bytes are like no others of it; the same `seed` gives the same. */
  async write(name: string, bytes: number, seed = 1): Promise<string> {
    const path = join(this.path, name);
    const content = `${bytes} ${seed}`;
    if (this.#written.get(name) === content) return path;
    this.#written.set(name, content);
    const writer = Bun.file(path).writer();
    for (const chunk of randomChunks(bytes, seed)) {
      writer.write(chunk);
      await writer.flush();
    }
    await writer.end();
    return path;
  }

  close(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

const CHUNK_BYTES = 1_024 * 1_024;

function* randomChunks(bytes: number, seed: number): Generator<Uint8Array> {
  let state = seed >>> 0 || 1;
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    const words = new Uint32Array(CHUNK_BYTES / 4);
    for (let index = 0; index < words.length; index += 1) {
      // Xorshift32 of Marsaglia.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = state;
    }
    yield new Uint8Array(words.buffer, 0, Math.min(left, CHUNK_BYTES));
  }
}

/** Of the bytes of a file or a stream, as hex. */
export async function sha256Of(bytes: ReadableStream<Uint8Array>): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}
