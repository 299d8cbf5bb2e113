/** The little that must be known of PostgreSQL's wire protocol (version 3) to let connections take turns. */

const TYPE_QUERY = 0x51; // Q
const TYPE_SYNC = 0x53; // S
const TYPE_TERMINATE = 0x58; // X
const TYPE_READY = 0x5a; // Z
const READY_LENGTH = 6;

/** Of a session after `ReadyForQuery`: idle, in a transaction, in a failed transaction. */
export type SessionStatus = 'idle' | 'transaction' | 'failed';

export interface Unit {
  bytes: Uint8Array;
  /** A simple query: one text, possibly of several statements. */
  isText: boolean;
}

export const SYNC: Uint8Array = Uint8Array.of(TYPE_SYNC, 0, 0, 0, 4);

/** A simple query. The text is ASCII. */
export function simpleQuery(text: string): Uint8Array {
  const body = new TextEncoder().encode(`${text}\0`);
  const message = new Uint8Array(5 + body.length);
  message[0] = TYPE_QUERY;
  new DataView(message.buffer).setUint32(1, body.length + 4);
  message.set(body, 5);
  return message;
}

/**
 * Cuts whole frontend messages into what the server answers with one `ReadyForQuery`: a text, or everything up to a
 * `Sync`. The last unit may lack its `Sync` (the driver asks for the types of parameters first). `Terminate` is dropped.
 */
export function splitUnits(bytes: Uint8Array): Unit[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units: Unit[] = [];
  let start = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const type = view.getUint8(offset);
    const end = offset + 1 + view.getUint32(offset + 1);
    if (type === TYPE_TERMINATE) {
      if (offset > start) units.push({ bytes: bytes.subarray(start, offset), isText: false });
      return units;
    }
    if (type === TYPE_QUERY || type === TYPE_SYNC) {
      units.push({ bytes: bytes.subarray(start, end), isText: type === TYPE_QUERY });
      start = end;
    }
    offset = end;
  }
  if (start < bytes.length) units.push({ bytes: bytes.subarray(start), isText: false });
  return units;
}

/** The status that an answer ends with; nothing when it does not end with `ReadyForQuery`. */
export function statusAtEnd(answer: Uint8Array): SessionStatus | undefined {
  const at = answer.length - READY_LENGTH;
  if (at < 0 || answer[at] !== TYPE_READY || answer[at + 4] !== 5) return undefined;
  switch (answer[at + 5]) {
    case 0x49: // I
      return 'idle';
    case 0x54: // T
      return 'transaction';
    case 0x45: // E
      return 'failed';
    default:
      return undefined;
  }
}

/** Overwrites the status in a `ReadyForQuery` that the answer ends with. */
export function setStatusIdle(answer: Uint8Array): void {
  answer[answer.length - 1] = 0x49;
}
