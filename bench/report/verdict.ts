/** Whether a row reached its target, as far as its spread lets one say. */
import type { Row } from '../benchmark.ts';

export type Verdict = 'met' | 'missed' | 'unclear' | 'reported';

/** `unclear` when the target lies between the quartiles; `reported` when there is no target, or nothing to compare with. */
export function judge({ ratio, atMost }: Row): Verdict {
  if (atMost === undefined || !ratio) return 'reported';
  if (ratio.high <= atMost) return 'met';
  return ratio.low > atMost ? 'missed' : 'unclear';
}
