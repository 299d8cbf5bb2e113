/** Turns the texts of a group of settings into its values; what cannot be read becomes a problem and keeps its default. */
import { redactUrl } from '../lib/index.ts';
import type { Problems } from './problems.ts';
import type { Setting, Settings, Surroundings, ValuesOf } from './setting.ts';
import type { Source } from './source.ts';

/** What reading and checking a group needs. */
export interface Reader extends Surroundings {
  readonly source: Source;
  readonly cwd: string;
  readonly problems: Problems;
}

export function readSettings<S extends Settings>(settings: S, reader: Reader): ValuesOf<S> {
  const entries = Object.entries(settings).map(([name, setting]) => [
    name,
    readSetting(name, setting, reader),
  ]);
  // `fromEntries` forgets which name had which type; each value came from the setting of its own name.
  return Object.fromEntries(entries) as ValuesOf<S>;
}

function readSetting(name: string, setting: Setting<unknown>, reader: Reader): unknown {
  const text = reader.source(name);
  if (text === undefined) return setting.getDefault(reader);
  const value = setting.format.parse(text);
  if (value !== undefined) return value;
  reader.problems.add({
    name,
    what: setting.isSecret
      ? 'has a value that cannot be used (it is a secret and not shown)'
      : `is "${redactUrl(text)}"`,
    expected: setting.format.expected,
    remedy:
      setting.defaultText === ''
        ? 'correct it, or unset it'
        : `correct it, or unset it (${setting.defaultText})`,
  });
  return setting.getDefault(reader);
}
