/** A stream whose playlist and segments lie in a bucket, in a folder of the name of its key. */
import { AppError } from '../../lib/index.ts';
import type { StorageProvider, StoredObject } from '../../storage/index.ts';
import { belongsToStream, rankPlaylist, resolveInBucket } from './bucket-names.ts';
import { BUCKET, type BytesRef } from './bytes-ref.ts';
import { type MediaPlaylist, type ReadPlaylist, readPlaylist } from './playlist.ts';
import { readAtMost } from './read-text.ts';
import type { OpenedBytes, SegmentSource, Snapshot } from './source.ts';
import { MAX_LINE_BYTES } from './url-source.ts';
import { openOnWeb, type WebRules } from './web.ts';

export interface BucketSourceOptions extends WebRules {
  readonly storage: StorageProvider;
  readonly streamKey: string;
  readonly maxLines: number;
  /** What is older is of an earlier stream of the same key; undefined: nothing is known of that. */
  readonly since: Date | undefined;
}

/** So many objects are looked through; a stream has fewer. */
const MAX_OBJECTS = 200_000;

export class BucketSource implements SegmentSource {
  readonly #options: BucketSourceOptions;
  /** Of the media playlist, once one was found that is of this stream. */
  #media: string | undefined;

  constructor(options: BucketSourceOptions) {
    this.#options = options;
  }

  async read({ isListed, signal }: { isListed: boolean; signal: AbortSignal }): Promise<Snapshot> {
    signal.throwIfAborted();
    const listing = isListed || this.#media === undefined ? await this.#list(signal) : undefined;
    const objects = listing?.filter(({ key }) => !isPlaylist(key)).map(toSourceObject);
    const found = await this.#find(listing);
    const newest = Math.max(...(listing ?? []).map(({ modifiedAt }) => modifiedAt.getTime()));
    return {
      ...found,
      ...(objects && { objects }),
      ...(Number.isFinite(newest) && { newestAt: new Date(newest) }),
    };
  }

  async open({ location, range }: BytesRef, signal: AbortSignal): Promise<OpenedBytes> {
    if (!location.startsWith(BUCKET)) {
      return openOnWeb({ location, ...(range && { range }) }, { ...this.#options, signal });
    }
    const { storage } = this.#options;
    const stream = await storage.get(
      location.slice(BUCKET.length),
      range && { start: range.offset, end: range.offset + range.length - 1 },
    );
    return { stream, size: range?.length };
  }

  async #find(listing: readonly StoredObject[] | undefined): Promise<Pick<Snapshot, 'playlist' | 'problem'>> {
    let problem: string | undefined;
    for (const key of this.#media === undefined ? this.#candidates(listing ?? []) : [this.#media]) {
      try {
        const playlist = await this.#readFrom(key, listing);
        if (playlist) return { playlist };
        problem ??= 'The playlist that is there is of an earlier stream.';
      } catch (error) {
        this.#media = undefined;
        if (!(error instanceof AppError) || error.fault === 'destination') throw error;
        problem = error.code === 'not_found' ? (problem ?? 'There is no playlist.') : error.message;
      }
    }
    return { problem: problem ?? 'There is no playlist.' };
  }

  #candidates(listing: readonly StoredObject[]): string[] {
    const { streamKey } = this.#options;
    return listing
      .map(({ key }) => key)
      .filter(isPlaylist)
      .toSorted((a, b) => rankPlaylist(a, streamKey) - rankPlaylist(b, streamKey) || a.localeCompare(b));
  }

  /** Undefined when it is of an earlier stream. */
  async #readFrom(
    key: string,
    listing: readonly StoredObject[] | undefined,
  ): Promise<MediaPlaylist | undefined> {
    const read = await this.#readAt(key);
    if (read.kind === 'media') return this.#accept(key, read.playlist, listing);
    for (const variant of read.variants) {
      const variantKey = variant.startsWith(BUCKET) ? variant.slice(BUCKET.length) : undefined;
      if (variantKey === undefined) continue;
      const media = await this.#readAt(variantKey);
      const playlist = media.kind === 'media' && this.#accept(variantKey, media.playlist, listing);
      if (playlist) return playlist;
    }
    return undefined;
  }

  #accept(
    key: string,
    playlist: MediaPlaylist,
    listing: readonly StoredObject[] | undefined,
  ): MediaPlaylist | undefined {
    const { since } = this.#options;
    const modifiedAt = listing?.find((object) => object.key === key)?.modifiedAt;
    if (this.#media !== key && since && modifiedAt && modifiedAt < since) return undefined;
    this.#media = key;
    return playlist;
  }

  async #readAt(key: string): Promise<ReadPlaylist> {
    const { storage, streamKey, maxLines } = this.#options;
    const stream = await storage.get(key);
    const text = (await readAtMost(stream, maxLines * MAX_LINE_BYTES)).toString('utf8');
    return readPlaylist(text, { maxLines, resolve: (uri) => resolveInBucket(uri, { from: key, streamKey }) });
  }

  async #list(signal: AbortSignal): Promise<StoredObject[]> {
    const { storage, streamKey } = this.#options;
    const found: StoredObject[] = [];
    let cursor: string | undefined;
    do {
      signal.throwIfAborted();
      const page = await storage.list(streamKey, cursor === undefined ? {} : { cursor });
      found.push(...page.objects.filter(({ key }) => belongsToStream(key, streamKey)));
      cursor = page.cursor;
    } while (cursor !== undefined && found.length < MAX_OBJECTS);
    return found;
  }
}

function isPlaylist(key: string): boolean {
  return /\.m3u8?$/i.test(key);
}

function toSourceObject({ key, size, modifiedAt }: StoredObject) {
  return { location: `${BUCKET}${key}`, size, modifiedAt };
}
