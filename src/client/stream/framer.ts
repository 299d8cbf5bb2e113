/**
 * Cuts what `MediaRecorder` gives into messages that somebody may begin with. Browsers cut where it suits them: the first
 * piece of Chromium is one byte, and others end within the name of an element. Here the first message is the whole header
 * of the stream, and each cluster (WebM) or fragment (MP4) begins a message.
 */

/** What begins a part that can be played by itself, given the header. */
interface Boundary {
  readonly name: readonly number[];
  /** Bytes of the part before the name. */
  readonly offset: number;
}

const CLUSTER: Boundary = { name: [0x1f, 0x43, 0xb6, 0x75], offset: 0 };
/** `moof`, behind its length. */
const FRAGMENT: Boundary = { name: [0x6d, 0x6f, 0x6f, 0x66], offset: 4 };
/** The first byte of a WebM header. */
const EBML = 0x1a;

/** Where in these bytes a cluster or a fragment begins first; -1 when none does. */
export function firstPartIn(bytes: Uint8Array): number {
  const found = [CLUSTER, FRAGMENT].map((boundary) => findPart(bytes, boundary, 0)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

export class StreamFramer {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  #hasHeader = false;
  #boundary: Boundary | undefined;

  /** Gives the messages that are complete now. The last few bytes wait: they may be the beginning of a part. */
  push(piece: Uint8Array): Uint8Array<ArrayBuffer>[] {
    let bytes = join(this.#rest, piece);
    if (bytes.length === 0) return [];
    const messages: Uint8Array<ArrayBuffer>[] = [];
    // By the first byte, which is never sent before the first part begins.
    this.#boundary ??= bytes[0] === EBML ? CLUSTER : FRAGMENT;
    const boundary = this.#boundary;
    for (let next = findPart(bytes, boundary, 1); next >= 0; next = findPart(bytes, boundary, 1)) {
      messages.push(bytes.slice(0, next));
      bytes = bytes.slice(next);
      this.#hasHeader = true;
    }
    const nameEnd = boundary.offset + boundary.name.length;
    let ready = this.#hasHeader ? Math.max(0, bytes.length - (nameEnd - 1)) : 0;
    // The name of a part stays with what follows it.
    if (ready < nameEnd && findPart(bytes, boundary, 0) === 0) ready = 0;
    if (ready > 0) messages.push(bytes.slice(0, ready));
    this.#rest = bytes.slice(ready);
    return messages;
  }
}

/** Where the first part begins, at `from` or behind it; -1 when none does. */
function findPart(bytes: Uint8Array, { name, offset }: Boundary, from: number): number {
  const [first = 0] = name;
  for (let at = bytes.indexOf(first, from + offset); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (name.every((byte, index) => bytes[at + index] === byte)) return at - offset;
  }
  return -1;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
