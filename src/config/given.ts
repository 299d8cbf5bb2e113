/** Settings that a program gives in the place of its environment, as the texts that the formats read. */
import { type SettingName, settingGroups } from './groups.ts';
import type { Problem, Problems } from './problems.ts';
import type { Env } from './source.ts';

type GivenValue = string | number | boolean | readonly string[];

/**
 * By the names of docs/configuration.md. A number means what the text of it means there. Undefined and a blank text are
 * left out; an empty list is an empty list.
 */
export type GivenSettings = { readonly [Name in SettingName]?: GivenValue | undefined };

export interface PrintGivenOptions {
  /** Settings that have no meaning for the one who gives. */
  readonly unfit: readonly string[];
  readonly problems: Problems;
}

export function printGiven(given: GivenSettings, { unfit, problems }: PrintGivenOptions): Env {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) continue;
    const flaw = findFlaw(name, value, unfit);
    if (flaw) problems.add({ name, ...flaw });
    else texts[name] = Array.isArray(value) ? value.join(',') : String(value).trim();
  }
  return texts;
}

function findFlaw(name: string, value: unknown, unfit: readonly string[]): Omit<Problem, 'name'> | undefined {
  if (!settingGroups.some(({ settings }) => Object.hasOwn(settings, name))) {
    return {
      what: 'is no setting',
      expected: 'a name of docs/configuration.md',
      remedy: 'correct the name, or leave it out',
    };
  }
  if (unfit.includes(name)) {
    return {
      what: 'is given, and belongs to a listener that is not ours',
      expected: 'to be told to the program that listens',
      remedy: 'leave it out',
    };
  }
  if (Array.isArray(value) || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  return {
    what: `is given as ${value === null ? 'null' : `a value of type ${typeof value}`}`,
    expected: 'a text, a number, a boolean, or a list of texts',
    remedy: 'give one of these, or leave it out',
  };
}
