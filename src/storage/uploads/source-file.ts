/** A file that is being uploaded by parts: one part at a time is in memory. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const MIB = 1_024 * 1_024;
/** What S3 takes: at most 10,000 parts, each of 5 MiB and more but for the last. */
const MAX_PARTS = 10_000;
const PART_BYTES = 5 * MIB;

export interface FilePart {
  /** Counted from 1. */
  readonly number: number;
  /** Of the first byte. */
  readonly offset: number;
  readonly size: number;
}

export class SourceFile {
  readonly size: number;
  readonly #file: FileHandle;
  #buffer: Buffer<ArrayBuffer> = Buffer.alloc(0);

  static async open(path: string): Promise<SourceFile> {
    const file = await open(path);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error(`${path} is no file`);
      return new SourceFile(file, stats.size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** In bytes: the same for the same size, whoever asks. */
  get partBytes(): number {
    return Math.max(PART_BYTES, Math.ceil(this.size / MAX_PARTS / MIB) * MIB);
  }

  parts(): FilePart[] {
    const count = Math.max(1, Math.ceil(this.size / this.partBytes));
    return Array.from({ length: count }, (_, index) => {
      const offset = index * this.partBytes;
      return { number: index + 1, offset, size: Math.min(this.partBytes, this.size - offset) };
    });
  }

  /** Valid until the next call, which writes over it. Rejects when the file has become shorter meanwhile. */
  async read({ offset, size }: Pick<FilePart, 'offset' | 'size'>): Promise<Buffer<ArrayBuffer>> {
    if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size);
    const buffer = this.#buffer.subarray(0, size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await this.#file.read(buffer, filled, size - filled, offset + filled);
      if (bytesRead === 0) throw new Error('the file became shorter while it was stored');
      filled += bytesRead;
    }
    return buffer;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Base64, as the storages write it. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
