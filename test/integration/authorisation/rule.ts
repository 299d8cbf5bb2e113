/** What a rule is: for every caller, how they are answered. */
import type { CallerName } from './callers.ts';

/**
 * How a request or a message is answered, as far as rights go.
 * - `allow`: it is done: 2xx, 101 for a socket, `ok: true` for a message.
 * - `ask`: 401, `unauthenticated`.
 * - `deny`: 403, `forbidden`.
 * - `hide`: 404, `call_not_found`; or left out of the list.
 * - `outside`: `not_joined`; only for messages.
 * - `none`: `not_found`, for a message about what one has made oneself, from one who has no such thing.
 */
export type Outcome = 'allow' | 'ask' | 'deny' | 'hide' | 'outside' | 'none';

export interface Rule {
  /** Fits after "for": "for moderators". */
  readonly name: string;
  readonly outcomeFor: (caller: CallerName) => Outcome;
}

type Said = Partial<Record<Outcome, readonly CallerName[]>>;

/** `others`: what everyone gets who is not named. Throws when somebody is named twice. */
export function rule(name: string, { others, ...said }: Said & { readonly others: Outcome }): Rule {
  const outcomes = new Map<CallerName, Outcome>();
  for (const [outcome, names] of Object.entries(said) as [Outcome, readonly CallerName[]][]) {
    for (const caller of names) {
      if (outcomes.has(caller)) throw new Error(`The rule "${name}" names "${caller}" twice.`);
      outcomes.set(caller, outcome);
    }
  }
  return { name, outcomeFor: (caller) => outcomes.get(caller) ?? others };
}
