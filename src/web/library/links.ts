/** Links to the files of recordings: one a recording, asked for when it is needed and again before it expires. */
import type { RecordingLibrary, RecordingLink } from '../../client/index.ts';

/** What is begun with a link should not be cut off at once. */
const MARGIN_MS = 60_000;

export interface FileWish {
  readonly isDownload?: boolean;
  /** The link of before did not work any more. */
  readonly isRenewed?: boolean;
}

export class Links {
  readonly #library: RecordingLibrary;
  readonly #links = new Map<string, Promise<RecordingLink>>();

  constructor(library: RecordingLibrary) {
    this.#library = library;
  }

  /** Rejects as the library does. */
  async urlOf(
    id: string,
    name: string,
    { isDownload = false, isRenewed = false }: FileWish = {},
  ): Promise<string> {
    if (isRenewed) this.#links.delete(id);
    const { token } = await this.#get(id);
    return this.#library.fileUrl(id, name, { token, isDownload });
  }

  async #get(id: string): Promise<RecordingLink> {
    const known = await this.#links.get(id)?.catch(() => undefined);
    if (known && known.expiresAt.getTime() - Date.now() > MARGIN_MS) return known;
    const link = this.#library.link(id);
    this.#links.set(id, link);
    return link;
  }
}
