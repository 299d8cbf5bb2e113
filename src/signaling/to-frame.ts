/** Makes a message that a server has read already into a frame again, so that it is measured and checked as any other. */
import { isNestedTooDeep } from '../lib/index.ts';

/**
 * Bytes count as the text that they are in UTF-8: not every server tells which of the two a frame was. A value that is no
 * JSON becomes what no message is.
 */
export function toFrame(message: unknown): string | Uint8Array {
  if (typeof message === 'string') return message;
  if (message instanceof ArrayBuffer) return toText(new Uint8Array(message));
  if (ArrayBuffer.isView(message)) {
    return toText(new Uint8Array(message.buffer, message.byteOffset, message.byteLength));
  }
  if (isNestedTooDeep(message)) return '';
  try {
    return JSON.stringify(message) ?? '';
  } catch {
    // What no JSON came from: a bigint, or a `toJSON` that throws.
    return '';
  }
}

/** Bytes that are no UTF-8 stay bytes, which no message is. */
function toText(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
