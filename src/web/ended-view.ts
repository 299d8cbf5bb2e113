/** Why the call is over for us, or why we could not get in, in words for the person. */
import { type CallClosed, CallError, type CallErrorCode } from '../client/index.ts';
import { AccessError } from './access.ts';
import type { EndedView } from './state.ts';
import { texts } from './texts.ts';

export function describeEnd(closed: CallClosed): EndedView {
  const { ended, refused } = texts;
  switch (closed.reason) {
    case 'left':
      return ended.left;
    case 'replaced':
      return ended.replaced;
    case 'removed':
      return ended.removed;
    case 'unauthenticated':
      return ended.unauthenticated;
    case 'flooding':
      return ended.flooding;
    case 'protocol-violation':
      return ended.protocolViolation;
    case 'unreachable':
    case 'connection-lost':
      return ended.connectionLost;
    case 'call-ended': {
      const { title, text, unknown } = ended.callEnded;
      return { title, text: closed.endReason ? text[closed.endReason] : unknown, rejoin: null };
    }
    case 'refused':
      return {
        title: refused.title,
        text: explainRefusal(closed.error, closed.message),
        rejoin: refused.rejoin,
      };
  }
}

/** The end for one who waited to be let in. */
export function describeEndOfWaiting(closed: CallClosed): EndedView {
  if (closed.reason !== 'refused') return describeEnd(closed);
  if (closed.error === 'forbidden') return texts.ended.notLetIn;
  if (closed.error === 'call_ended') {
    const { title, unknown: text } = texts.ended.callEnded;
    return { title, text, rejoin: null };
  }
  return describeEnd(closed);
}

export function explainFailure(error: unknown): string {
  if (error instanceof AccessError) return error.message;
  if (error instanceof CallError) return explainRefusal(error.code, error.message);
  return texts.refused.other(error instanceof Error ? error.message : String(error));
}

function explainRefusal(code: CallErrorCode | undefined, message: string): string {
  const { refused } = texts;
  if (code !== undefined) {
    const text: unknown = Object.entries(refused).find(([key]) => key === code)?.[1];
    if (typeof text === 'string') return text;
  }
  return refused.other(message);
}
