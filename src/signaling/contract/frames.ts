/** The examples of the protocol as whole frames, as they go over the wire. */
import {
  type EventType,
  eventExamples,
  type RequestExample,
  type RequestType,
  requestExamples,
} from '../../protocol/index.ts';

const ROOM = 'call_123';
const ID = '7';
/** Events that tell in their envelope who spoke. */
const SPOKEN: ReadonlySet<EventType> = new Set<EventType>(['chat', 'reaction']);
const SAID_BY: Partial<Record<EventType, string>> = { offer: 'sfu', answer: 'sfu', 'ice-candidate': 'ann' };

export interface Exchange {
  /** What is special about it, where a message has several. */
  readonly title: string | undefined;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

export function exchangesOf(type: RequestType): Exchange[] {
  const examples: readonly RequestExample<RequestType>[] = requestExamples[type];
  return examples.map(({ title, targetUserId, data, response }) => ({
    title,
    request: { id: ID, type, roomId: ROOM, ...(targetUserId !== undefined && { targetUserId }), data },
    response: { type: 'response', id: ID, ok: true, data: response },
  }));
}

export function eventFrame(name: EventType): Readonly<Record<string, unknown>> {
  const data = eventExamples[name];
  const said = SAID_BY[name] ?? (SPOKEN.has(name) && 'userId' in data ? data.userId : undefined);
  const speaker = said === undefined ? {} : { userId: said };
  return { type: name, roomId: ROOM, seq: 1, ...speaker, data };
}

/** Whether the message must name somebody: there is no right example without. */
export function demandsTarget(type: RequestType): boolean {
  const examples: readonly RequestExample<RequestType>[] = requestExamples[type];
  return examples.every(({ targetUserId }) => targetUserId !== undefined);
}
