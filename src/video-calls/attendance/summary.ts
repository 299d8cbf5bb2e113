/** Adds up the stays of a call. Pure: what is still open lasts until the moment that the caller gives. */
import type { CallParticipantRow } from '../../db/index.ts';
import type { Analytics } from './model.ts';

export type SummarizedStay = Pick<
  CallParticipantRow,
  | 'userId'
  | 'name'
  | 'joinedAt'
  | 'leftAt'
  | 'talkTimeMs'
  | 'chatMessages'
  | 'bytesReceived'
  | 'bytesSent'
  | 'averageScore'
  | 'reconnects'
>;

type Totals = Omit<Analytics['users'][number], 'userId' | 'name' | 'stays' | 'reconnects'>;
type Summary = Pick<Analytics, 'joined' | 'left' | 'reconnects' | 'participants' | 'users'> & Totals;

/** The stays come in the order in which they began. */
export function summarize(stays: readonly SummarizedStay[], until: Date): Summary {
  const byUser = Map.groupBy(stays, ({ userId }) => userId);
  return {
    joined: stays.length,
    left: stays.filter(({ leftAt }) => leftAt !== null).length,
    reconnects: [...byUser.values()].reduce((sum, own) => sum + reconnectsOf(own), 0),
    participants: { total: byUser.size, peak: peakOf(stays) },
    ...addUp(stays, until),
    users: [...byUser].map(([userId, own]) => ({
      userId,
      name: own.at(-1)?.name ?? null,
      stays: own.length,
      reconnects: reconnectsOf(own),
      ...addUp(own, until),
    })),
  };
}

/** Each stay after the first one is a return, and so is each time that a socket was taken up again. */
function reconnectsOf(own: readonly SummarizedStay[]): number {
  return own.length - 1 + own.reduce((sum, { reconnects }) => sum + reconnects, 0);
}

function addUp(stays: readonly SummarizedStay[], until: Date): Totals {
  const sum = (of: (stay: SummarizedStay) => number) => stays.reduce((total, stay) => total + of(stay), 0);
  return {
    presentMs: sum((stay) => lengthOf(stay, until)),
    talkTimeMs: sum(({ talkTimeMs }) => talkTimeMs),
    chatMessages: sum(({ chatMessages }) => chatMessages),
    bytesReceived: sum(({ bytesReceived }) => bytesReceived),
    bytesSent: sum(({ bytesSent }) => bytesSent),
    averageScore: averageScore(stays, until),
  };
}

/** A long stay counts for more than a short one; those that published nothing have no score to count. */
function averageScore(stays: readonly SummarizedStay[], until: Date): number | null {
  let weight = 0;
  let weighted = 0;
  for (const stay of stays) {
    if (stay.averageScore === null) continue;
    // A stay of no length has a score all the same.
    const ms = Math.max(lengthOf(stay, until), 1);
    weight += ms;
    weighted += ms * stay.averageScore;
  }
  return weight === 0 ? null : Math.round((weighted / weight) * 100) / 100;
}

/** The most who were there at once. One who leaves in the moment in which another comes makes place for them. */
function peakOf(stays: readonly SummarizedStay[]): number {
  const changes = stays.flatMap(({ joinedAt, leftAt }) => [
    { at: joinedAt.getTime(), by: 1 },
    ...(leftAt ? [{ at: leftAt.getTime(), by: -1 }] : []),
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let present = 0;
  let peak = 0;
  for (const { by } of changes) {
    present += by;
    peak = Math.max(peak, present);
  }
  return peak;
}

function lengthOf({ joinedAt, leftAt }: SummarizedStay, until: Date): number {
  return Math.max((leftAt ?? until).getTime() - joinedAt.getTime(), 0);
}
