/** The text of a message. What is said to many, or twice to one, is turned into JSON once. */
import type { CallEvent, Joined, ServerMessage } from '../protocol/index.ts';

/** By the `data` of a message, or a large part of it, which nobody changes once it was said. */
const texts = new WeakMap<object, string>();

export function toText(message: ServerMessage): string {
  if (!('data' in message)) return JSON.stringify(message);
  const { data, ...rest } = message;
  const head = JSON.stringify(rest);
  return `${head.slice(0, -1)},"data":${textOf(data)}}`;
}

export interface EventPlace {
  readonly roomId: string | undefined;
  readonly seq: number;
  /** Who says it, of words. */
  readonly userId?: string | undefined;
}

/** An event for one client. Of what is said to many, only this much is made for each of them. */
export function toEventText({ type, data }: CallEvent, { roomId, seq, userId }: EventPlace): string {
  const room = roomId === undefined ? '' : `,"roomId":${JSON.stringify(roomId)}`;
  const speaker = userId === undefined ? '' : `,"userId":${JSON.stringify(userId)}`;
  return `{"type":"${type}"${room},"seq":${seq}${speaker},"data":${textOf(data)}}`;
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
