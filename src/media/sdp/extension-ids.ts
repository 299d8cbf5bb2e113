/**
 * Which id stands for which header extension on one transport. RFC 8285, section 6, and RFC 9143, section 9.2: within a BUNDLE group
 * an id means one thing only. Not everybody keeps to that, so the first who claims an id has it.
 */

export class ExtensionIds {
  readonly #uris: Map<number, string>;

  constructor(uris: Iterable<readonly [number, string]> = []) {
    this.#uris = new Map(uris);
  }

  /** For a negotiation that may fail. */
  copy(): ExtensionIds {
    return new ExtensionIds(this.#uris);
  }

  /** False when the id means something else already, or the extension has another id: it is not to be used then. */
  claim(id: number, uri: string): boolean {
    const known = this.#uris.get(id);
    if (known !== undefined) return known === uri;
    if ([...this.#uris.values()].includes(uri)) return false;
    this.#uris.set(id, uri);
    return true;
  }
}
