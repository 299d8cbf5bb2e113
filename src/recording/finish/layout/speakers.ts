/** Who has the stage when: somebody who goes on speaking, not everybody who coughs. */
import type { Span } from '../spans.ts';

export interface Turn extends Span {
  readonly userId: string;
}

export interface Speaking {
  readonly atMs: number;
  /** Null when nobody speaks. */
  readonly userId: string | null;
}

/** Who speaks for less than this does not take the stage. */
const TAKES_MS = 1_500;

/** In order, without an overlap. The stage is kept while nobody speaks, and until somebody else has spoken for a while. */
export function takeTurns(speaking: readonly Speaking[], endMs: number): Turn[] {
  const turns: Turn[] = [];
  let current: Turn | undefined;
  for (const { userId, fromMs, toMs } of joinPauses(speaking, endMs)) {
    // The first one who speaks finds an empty stage.
    if (current?.userId === userId || (current && toMs - fromMs < TAKES_MS)) continue;
    const atMs = current ? fromMs + TAKES_MS : fromMs;
    if (current) turns.push({ ...current, toMs: atMs });
    current = { userId, fromMs: atMs, toMs: endMs };
  }
  return current ? [...turns, current] : turns;
}

/** A speaker speaks until somebody else does. */
function joinPauses(speaking: readonly Speaking[], endMs: number): Turn[] {
  const turns: Turn[] = [];
  for (const { atMs, userId } of speaking) {
    const last = turns.at(-1);
    if (userId === null || last?.userId === userId) continue;
    if (last) turns[turns.length - 1] = { ...last, toMs: atMs };
    turns.push({ userId, fromMs: atMs, toMs: endMs });
  }
  return turns;
}
