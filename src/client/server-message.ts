/** From the text of a frame to a typed message: the one place where what the server sends is checked. */
import type { ServerMessage } from '../protocol/index.ts';

/**
 * Undefined for what is no message of the protocol. The envelope is checked; the `data` of a known message is
 * trusted to be what the protocol says, since the schemas are too large to be carried into a browser.
 */
export function parseServerMessage(frame: unknown): ServerMessage | undefined {
  if (typeof frame !== 'string') return undefined;
  const message = parseJson(frame);
  return isServerMessage(message) ? message : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isServerMessage(message: unknown): message is ServerMessage {
  if (!isRecord(message)) return false;
  switch (message.type) {
    case 'response':
      if (typeof message.id !== 'string') return false;
      return message.ok === true ? isRecord(message.data) : message.ok === false && isError(message.error);
    case 'error':
      return isError(message.error);
    default:
      return typeof message.type === 'string' && Number.isInteger(message.seq) && isRecord(message.data);
  }
}

function isError(error: unknown): boolean {
  return isRecord(error) && typeof error.code === 'string' && typeof error.message === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
