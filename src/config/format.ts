/** What a setting's text may look like: how it becomes a value, which values are allowed, and how to say so. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

export interface Format<T> {
  /** Finishes the sentence "Expected: …". */
  readonly expected: string;
  /** The value, or `undefined` when the text is not of this format. */
  parse(text: string): T | undefined;
  /** A value as the documentation writes it: `parse` takes it back. */
  print(value: T): string;
}

/** A format whose values are those of the schema; `read` only turns the text into something to check. */
export function format<S extends TSchema>(options: {
  schema: S;
  expected: string;
  read: (text: string) => unknown;
  print?: (value: Static<S>) => string;
}): Format<Static<S>> {
  return {
    expected: options.expected,
    parse: (text) => {
      const value = options.read(text);
      return Value.Check(options.schema, value) ? value : undefined;
    },
    print: options.print ?? String,
  };
}

export function text(expected: string): Format<string> {
  return format({ schema: Type.String({ minLength: 1 }), expected, read: (value) => value });
}

export function choice<const T extends readonly string[]>(values: T): Format<T[number]> {
  const schema = Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));
  return format({ schema, expected: `one of ${values.join(', ')}`, read: (value) => value });
}

export function integer(range: { minimum: number; maximum: number }): Format<number> {
  return format({
    schema: Type.Integer(range),
    expected: `a whole number from ${range.minimum} to ${range.maximum}`,
    read: (value) => (/^\d+$/.test(value) ? Number(value) : undefined),
  });
}

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  '1': true,
  off: false,
  false: false,
  '0': false,
};

export function onOff(): Format<boolean> {
  return format({
    schema: Type.Boolean(),
    expected: 'on or off (true, false, 1 and 0 are understood too)',
    read: (value) => SWITCH_WORDS[value.toLowerCase()],
    print: (value) => (value ? 'on' : 'off'),
  });
}

/** Values separated by commas; empty ones are skipped. */
export function list<T>(item: Format<T>): Format<readonly T[]> {
  return {
    expected: `a list, separated by commas, in which each is ${item.expected}`,
    parse: (value) => {
      const values: T[] = [];
      for (const part of value.split(',')) {
        if (part.trim() === '') continue;
        const parsed = item.parse(part.trim());
        if (parsed === undefined) return undefined;
        values.push(parsed);
      }
      return values;
    },
    print: (values) => values.map((value) => item.print(value)).join(','),
  };
}

/** What either of two formats takes. */
export function anyOf<A, B>(first: Format<A>, second: Format<B>): Format<A | B> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    parse: (value) => first.parse(value) ?? second.parse(value),
    print: String,
  };
}
