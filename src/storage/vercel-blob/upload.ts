/** Brings a file into a store by parts, and goes on where an earlier process was cut off. */
import { completeMultipartUpload, createMultipartUpload, del, put, uploadPart } from '@vercel/blob';
import type { PutOptions } from '../provider.ts';
import type { UnfinishedUpload, UploadedPart, UploadLedger } from '../uploads/ledger.ts';
import { type FilePart, type SourceFile, sha256Of } from '../uploads/source-file.ts';
import { isRefused } from './failures.ts';
import type { CallOptions, VercelBlobStore } from './store.ts';

export interface VercelBlobUploadParts {
  readonly store: VercelBlobStore;
  readonly ledger: UploadLedger;
}

export class VercelBlobUpload {
  readonly #pathname: string;
  readonly #key: string;
  readonly #options: PutOptions;
  readonly #store: VercelBlobStore;
  readonly #ledger: UploadLedger;

  constructor(key: string, options: PutOptions, { store, ledger }: VercelBlobUploadParts) {
    this.#key = key;
    this.#pathname = pathnameOf(key);
    this.#options = options;
    this.#store = store;
    this.#ledger = ledger;
  }

  /** Gives the address of what is there now. When it rejects, what has arrived stays for the next time. */
  async send(file: SourceFile): Promise<string> {
    return file.parts().length === 1 ? this.#sendAtOnce(file) : this.#sendByParts(file);
  }

  async #sendAtOnce(file: SourceFile): Promise<string> {
    await this.#abandon();
    const bytes = await file.read({ offset: 0, size: file.size });
    const { url } = await this.#ask((call) =>
      put(this.#pathname, bytes, { ...optionsFor(this.#options.type), ...call }),
    );
    this.#options.onProgress?.(file.size);
    return url;
  }

  async #sendByParts(file: SourceFile): Promise<string> {
    const upload = (await this.#resume(file)) ?? (await this.#begin(file));
    const url = await this.#sendRest(file, upload);
    if (url !== undefined) return url;
    // It is over there: expired, or completed by a request whose answer was lost.
    return (await this.#sendRest(file, await this.#begin(file))) ?? Promise.reject(this.#store.refused());
  }

  /** Undefined when Vercel does not take the upload on any more, and then nothing is known of it either. */
  async #sendRest(file: SourceFile, upload: UnfinishedUpload): Promise<string | undefined> {
    const { signal, onProgress } = this.#options;
    const parts = [...upload.parts];
    let done = parts.reduce((sum, { size }) => sum + size, 0);
    if (done > 0) onProgress?.(done);
    const isThere = new Set(parts.map(({ number }) => number));
    for (const part of file.parts().filter(({ number }) => !isThere.has(number))) {
      signal?.throwIfAborted();
      const sent = await this.#sendPart(upload.uploadId, part, await file.read(part));
      if (!sent) return undefined;
      parts.push(sent);
      await this.#ledger.save(this.#key, { ...upload, parts });
      done += part.size;
      onProgress?.(done);
    }
    signal?.throwIfAborted();
    return this.#whileTaken((call) => complete(this.#key, { ...upload, parts }, call));
  }

  /** Vercel tells nobody what of an upload is there: what the ledger says has to do. */
  async #resume(file: SourceFile): Promise<UnfinishedUpload | undefined> {
    const known = await this.#ledger.load(this.#key);
    if (!known) return undefined;
    if (known.size !== file.size || known.partBytes !== file.partBytes) {
      await this.#abandon();
      return undefined;
    }
    const fitting: UploadedPart[] = [];
    for (const part of file.parts()) {
      const match = known.parts.find(({ number }) => number === part.number);
      // The file may have been made anew.
      if (match && sha256Of(await file.read(part)) === match.sha256) fitting.push(match);
    }
    return { ...known, parts: fitting };
  }

  async #begin(file: SourceFile): Promise<UnfinishedUpload> {
    const { uploadId, key } = await this.#ask((call) =>
      createMultipartUpload(this.#pathname, { ...optionsFor(this.#options.type), ...call }),
    );
    const id = writeId({ uploadId, key });
    const upload = { uploadId: id, size: file.size, partBytes: file.partBytes, parts: [] };
    await this.#ledger.save(this.#key, upload);
    return upload;
  }

  async #sendPart(
    id: string,
    { number, size }: FilePart,
    bytes: Buffer<ArrayBuffer>,
  ): Promise<UploadedPart | undefined> {
    const options = { ...optionsFor(this.#options.type), ...readId(id), partNumber: number };
    const sent = await this.#whileTaken((call) => uploadPart(this.#pathname, bytes, { ...options, ...call }));
    return sent && { number, size, sha256: sha256Of(bytes), etag: sent.etag };
  }

  #abandon(): Promise<void> {
    return abandonUpload(this.#key, { store: this.#store, ledger: this.#ledger });
  }

  #ask<T>(task: (call: CallOptions) => Promise<T>): Promise<T> {
    return this.#store.ask(task, this.#options.signal);
  }

  async #whileTaken<T>(task: (call: CallOptions) => Promise<T>): Promise<T | undefined> {
    const answer = await this.#ask((call) => unlessRefused(task(call)));
    if (answer === undefined) await this.#ledger.clear(this.#key);
    return answer;
  }
}

/**
 * Takes away what was begun for this key and is known to the ledger. Vercel has no way to end an upload: it is completed as it is,
 * and that is deleted. Twice is no error.
 */
export async function abandonUpload(key: string, { store, ledger }: VercelBlobUploadParts): Promise<void> {
  const known = await ledger.load(key);
  if (!known) return;
  await store.ask(async (call) => {
    const parts = known.parts.length > 0 ? known.parts : [await unlessRefused(sendAny(key, known, call))];
    const isThere = parts.every((part) => part !== undefined);
    const url = isThere ? await unlessRefused(complete(key, { ...known, parts }, call)) : undefined;
    if (url !== undefined) await del(url, call);
  });
  await ledger.clear(key);
}

/** An upload without any part cannot be completed. */
async function sendAny(key: string, { uploadId }: UnfinishedUpload, call: CallOptions) {
  const options = { ...optionsFor('application/octet-stream'), ...readId(uploadId), ...call, partNumber: 1 };
  const { etag } = await uploadPart(pathnameOf(key), Buffer.from('x'), options);
  return { number: 1, etag };
}

async function complete(
  key: string,
  { uploadId, parts }: { uploadId: string; parts: readonly { number: number; etag: string }[] },
  call: CallOptions,
): Promise<string> {
  const named = parts
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, etag }) => ({ partNumber: number, etag }));
  const options = { access: 'private', ...readId(uploadId), ...call } as const;
  return (await completeMultipartUpload(pathnameOf(key), named, options)).url;
}

/** What the file of a key is called there, before it gets its random suffix. */
function pathnameOf(key: string): string {
  return `${key}/${key.slice(key.lastIndexOf('/') + 1)}`;
}

function optionsFor(contentType: string) {
  return { access: 'private', addRandomSuffix: true, contentType } as const;
}

async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** The ledger knows one id for an upload; here it is two texts. */
function writeId(id: { uploadId: string; key: string }): string {
  return new URLSearchParams(id).toString();
}

function readId(text: string): { uploadId: string; key: string } {
  const id = new URLSearchParams(text);
  return { uploadId: id.get('uploadId') ?? '', key: id.get('key') ?? '' };
}
