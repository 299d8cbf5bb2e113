/** Settings with several names: they may be given together only when they say the same. */
import type { Problems } from './problems.ts';

/** The value of the first name that is set. Values are shown: not for secrets. */
export function agree<T extends string | number>(
  valuesByName: Readonly<Record<string, T | undefined>>,
  problems: Problems,
): T | undefined {
  const given = Object.entries(valuesByName).filter((entry): entry is [string, T] => entry[1] !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  if (given.some(([, value]) => value !== first[1])) {
    problems.add({
      name: given.map(([name]) => name).join(' and '),
      what: `disagree (${given.map(([name, value]) => `${name}=${value}`).join(', ')})`,
      expected: 'one of these names, or the same value in all of them',
      remedy: `keep ${first[0]} and unset the rest`,
    });
  }
  return first[1];
}
