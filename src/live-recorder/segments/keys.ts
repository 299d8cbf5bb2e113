/** The keys of encrypted segments (AES-128, RFC 8216 section 5.2), each fetched once. */
import { AppError } from '../../lib/index.ts';
import type { SegmentKey } from '../source/playlist.ts';
import { readAtMost } from '../source/read-text.ts';
import type { SegmentSource } from '../source/source.ts';

const KEY_BYTES = 16;

export interface Cipher {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export class Keys {
  readonly #source: SegmentSource;
  readonly #keys = new Map<string, Promise<Uint8Array>>();

  constructor(source: SegmentSource) {
    this.#source = source;
  }

  /** Rejects as the source does, and with `validation_error` when what is there is no key. */
  async cipherFor(key: SegmentKey, sequence: number, signal: AbortSignal): Promise<Cipher> {
    return { key: await this.#get(key.location, signal), iv: key.iv ?? ivOf(sequence) };
  }

  async #get(location: string, signal: AbortSignal): Promise<Uint8Array> {
    const pending = this.#keys.get(location) ?? this.#fetch(location, signal);
    this.#keys.set(location, pending);
    try {
      return await pending;
    } catch (error) {
      // What failed once is asked for again.
      if (this.#keys.get(location) === pending) this.#keys.delete(location);
      throw error;
    }
  }

  async #fetch(location: string, signal: AbortSignal): Promise<Uint8Array> {
    const { stream } = await this.#source.open({ location }, signal);
    const bytes = await readAtMost(stream, KEY_BYTES);
    if (bytes.length === KEY_BYTES) return bytes;
    throw new AppError('validation_error', `The key of the playlist is not ${KEY_BYTES} bytes long.`);
  }
}

/** The sequence number as 128 bits. */
function ivOf(sequence: number): Uint8Array {
  const iv = Buffer.alloc(KEY_BYTES);
  iv.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(sequence))), 8);
  return iv;
}
