/** What a status callback of Twilio says (its documentation: "Make outbound calls", statusCallback). Its fields are text. */
import type { ProviderEnd, ProviderNews } from '../provider.ts';

export type CallbackFields = Readonly<Record<string, string>>;

/** A clock of theirs that is farther off than this tells nothing. */
const MAX_CLOCK_DIFFERENCE_MS = 10 * 60_000;
/** Longer than any call lasts: it cannot be written down, and is none. */
const MAX_DURATION_SECONDS = 7 * 24 * 3_600;

const ENDS: Readonly<Record<string, ProviderEnd>> = {
  completed: 'hung-up',
  busy: 'busy',
  'no-answer': 'no-answer',
  canceled: 'canceled',
  failed: 'failed',
};
/** RFC 3261, section 21.6.2: declined. Twilio says of it only that the call failed. */
const DECLINED = '603';

/** Undefined for what changes nothing here: the call is on its way. */
export function readCallback(fields: CallbackFields, now = new Date()): ProviderNews | undefined {
  const { CallStatus: status = '', CallDuration: seconds, Timestamp: timestamp } = fields;
  const at = readMoment(timestamp, now);
  if (status === 'ringing') return { state: 'ringing' };
  if (status === 'in-progress') return { state: 'answered', at };
  return readEnd(status, { at, seconds, sipCode: fields.SipResponseCode });
}

interface EndFacts {
  readonly at: Date;
  readonly seconds: string | undefined;
  readonly sipCode?: string | undefined;
}

/** Undefined when the status is of a call that goes on. */
export function readEnd(status: string, { at, seconds, sipCode }: EndFacts): ProviderNews | undefined {
  const end = ENDS[status];
  if (!end) return undefined;
  const reason = end === 'failed' && sipCode === DECLINED ? 'rejected' : end;
  const durationSeconds = Number(seconds);
  const isSensible =
    Number.isInteger(durationSeconds) && durationSeconds >= 0 && durationSeconds <= MAX_DURATION_SECONDS;
  const isKnown = end === 'hung-up' && isSensible;
  return { state: 'ended', at, reason, ...(isKnown && { durationSeconds }) };
}

function readMoment(text: string | undefined, now: Date): Date {
  const moment = new Date(text ?? '');
  const isNear = Math.abs(moment.getTime() - now.getTime()) < MAX_CLOCK_DIFFERENCE_MS;
  return isNear ? moment : now;
}
