/** The text of a message. What is said to many, or twice to one, is turned into JSON once. */
import type { ServerMessage } from '../protocol/index.ts';

/** By the `data` of a message, which nobody changes once it was said. */
const texts = new WeakMap<object, string>();

export function toText(message: ServerMessage): string {
  if (!('data' in message)) return JSON.stringify(message);
  const { data, ...rest } = message;
  const head = JSON.stringify(rest);
  return `${head.slice(0, -1)},"data":${textOf(data)}}`;
}

function textOf(data: object): string {
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
}
