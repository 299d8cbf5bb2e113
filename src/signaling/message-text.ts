/** The text of a message. What is said to many, or twice to one, is turned into JSON once. */
import type { Joined, ServerMessage } from '../protocol/index.ts';

/** By the `data` of a message, or a large part of it, which nobody changes once it was said. */
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
  const text = stringify(data);
  texts.set(data, text);
  return text;
}

/** What a room routes is most of what somebody who joins is told, and the same for all of them. */
function stringify(data: object): string {
  if (!('routerRtpCapabilities' in data)) return JSON.stringify(data);
  const { routerRtpCapabilities, ...rest } = data as Joined;
  return `{"routerRtpCapabilities":${textOf(routerRtpCapabilities)},${JSON.stringify(rest).slice(1)}`;
}
