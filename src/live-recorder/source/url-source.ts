/** A stream whose playlist is at an address of the web. */
import { AppError } from '../../lib/index.ts';
import type { BytesRef } from './bytes-ref.ts';
import { type MediaPlaylist, readPlaylist } from './playlist.ts';
import { readAtMost } from './read-text.ts';
import type { OpenedBytes, SegmentSource, Snapshot } from './source.ts';
import { openOnWeb, type WebRules } from './web.ts';

export interface UrlSourceOptions extends WebRules {
  readonly playlistUrl: string;
  readonly maxLines: number;
}

/** Of a line of a playlist, on average, with room to spare. */
export const MAX_LINE_BYTES = 200;

export class UrlSource implements SegmentSource {
  readonly #options: UrlSourceOptions;
  /** Of the media playlist, once a master playlist led there. */
  #media: string | undefined;

  constructor(options: UrlSourceOptions) {
    this.#options = options;
  }

  async read({ signal }: { readonly signal: AbortSignal }): Promise<Snapshot> {
    try {
      return { playlist: await this.#readMedia(signal) };
    } catch (error) {
      this.#media = undefined;
      if (!(error instanceof AppError)) throw error;
      return { problem: error.message };
    }
  }

  async open(ref: BytesRef, signal: AbortSignal): Promise<OpenedBytes> {
    return openOnWeb(ref, { ...this.#options, signal });
  }

  async #readMedia(signal: AbortSignal): Promise<MediaPlaylist> {
    const { playlistUrl } = this.#options;
    const first = await this.#readAt(this.#media ?? playlistUrl, signal);
    if (first.kind === 'media') return first.playlist;
    const [best = ''] = first.variants;
    const second = await this.#readAt(best, signal);
    if (second.kind === 'master') {
      throw new AppError('validation_error', 'The playlist leads to a playlist that leads to others.');
    }
    this.#media = best;
    return second.playlist;
  }

  async #readAt(location: string, signal: AbortSignal) {
    const { maxLines } = this.#options;
    const { stream, url } = await openOnWeb({ location }, { ...this.#options, signal });
    const text = (await readAtMost(stream, maxLines * MAX_LINE_BYTES)).toString('utf8');
    return readPlaylist(text, { maxLines, resolve: (uri) => resolveOnWeb(uri, url) });
  }
}

/** Throws `validation_error`. */
function resolveOnWeb(uri: string, base: URL): string {
  if (!URL.canParse(uri, base.href)) throw new AppError('validation_error', 'A name in it is no address.');
  const resolved = new URL(uri, base);
  if (resolved.protocol === 'http:' || resolved.protocol === 'https:') return resolved.href;
  throw new AppError('validation_error', 'A name in it leads to something else than the web.');
}
