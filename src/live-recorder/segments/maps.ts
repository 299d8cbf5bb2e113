/** The initialisations of fragmented MP4 (EXT-X-MAP) as files, named by what is in them. */
import { createDecipheriv, createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import type { BytesRef } from '../source/bytes-ref.ts';
import { readAtMost } from '../source/read-text.ts';
import type { SegmentSource } from '../source/source.ts';
import type { Journal } from './journal.ts';
import type { Cipher } from './keys.ts';
import { containerOf, notMedia } from './segment-type.ts';

const MAX_BYTES = 4 * 1_024 * 1_024;

export class Maps {
  readonly #source: SegmentSource;
  readonly #journal: Journal;
  readonly #files = new Map<string, Promise<string>>();

  constructor(source: SegmentSource, journal: Journal) {
    this.#source = source;
    this.#journal = journal;
  }

  /** Gives the name of its file. `isRenewed`: what is at its place may be another one than before. */
  async fileOf(
    ref: BytesRef,
    { cipher, isRenewed, signal }: { cipher: Cipher | undefined; isRenewed: boolean; signal: AbortSignal },
  ): Promise<string> {
    const id = JSON.stringify(ref);
    const known = isRenewed ? undefined : this.#files.get(id);
    const pending = known ?? this.#fetch(ref, cipher, signal);
    this.#files.set(id, pending);
    try {
      return await pending;
    } catch (error) {
      if (this.#files.get(id) === pending) this.#files.delete(id);
      throw error;
    }
  }

  async #fetch(ref: BytesRef, cipher: Cipher | undefined, signal: AbortSignal): Promise<string> {
    const { stream } = await this.#source.open(ref, signal);
    const bytes = decrypted(await readAtMost(stream, MAX_BYTES), cipher);
    if (containerOf(bytes) !== 'mp4') throw notMedia('its initialisation is none');
    const name = `map-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
    const path = this.#journal.pathOf(name);
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
    return name;
  }
}

/** It may be encrypted as its segments are, or not at all: packagers differ. */
function decrypted(bytes: Buffer, cipher: Cipher | undefined): Buffer {
  if (!cipher || bytes.toString('latin1', 4, 8) === 'ftyp') return bytes;
  try {
    const decipher = createDecipheriv('aes-128-cbc', cipher.key, cipher.iv);
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  } catch {
    throw notMedia('its initialisation cannot be decrypted');
  }
}
