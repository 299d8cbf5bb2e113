/** Ways to spoil a message: as a value before it is written, and as text after. */
import fc from 'fast-check';
import { junk } from './values.ts';

interface ValueMutation {
  readonly kind: 'replace' | 'remove' | 'add' | 'wrap' | 'duplicate';
  /** Picks a place among all places of the value. */
  readonly place: number;
  readonly key: string;
  readonly value: unknown;
}

export const valueMutations: fc.Arbitrary<ValueMutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('replace', 'remove', 'add', 'wrap', 'duplicate'),
    place: fc.nat(),
    key: fc.constantFrom(
      'x',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'constructor',
      'then',
      'length',
      'id',
      'data',
      '',
    ),
    value: junk,
  }),
  { minLength: 1, maxLength: 3 },
);

/** Gives a spoilt copy; `value` stays as it is. */
export function mutateValue(value: unknown, mutations: readonly ValueMutation[]): unknown {
  const root = { root: structuredClone(value) };
  for (const mutation of mutations) {
    const places = placesIn(root);
    const place = places[mutation.place % places.length];
    if (place) applyAt(place, mutation);
  }
  return root.root;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown, depth = 0): Place[] {
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key], depth + 1)]);
}

function applyAt({ holder, key }: Place, mutation: ValueMutation): void {
  const current = holder[key];
  switch (mutation.kind) {
    case 'replace':
      holder[key] = mutation.value;
      return;
    case 'remove':
      if (key !== 'root') delete holder[key];
      return;
    case 'add':
      if (typeof current === 'object' && current !== null && !Array.isArray(current))
        Object.assign(current, { [mutation.key]: mutation.value });
      return;
    case 'wrap':
      holder[key] = [current];
      return;
    case 'duplicate':
      if (Array.isArray(current)) current.push(...structuredClone(current));
  }
}

const INSERTED = [
  '"__proto__":{"isAdmin":true},',
  '"constructor":{"prototype":{"isAdmin":true}},',
  '"prototype":1,',
  '"id":"again",',
  '"type":"join",',
  '"data":null,',
  '"x":1e400,',
  '"x":-1e400,',
  '"x":123456789012345678901234567890,',
];
const REPLACED = [
  'NaN',
  'Infinity',
  '1e400',
  '-0',
  '0x10',
  '1.',
  'undefined',
  '"\\u0000"',
  '"\\ud800"',
  '{}',
  '[]',
  '\u00a0',
];

interface TextMutation {
  readonly kind: 'insert' | 'replace' | 'cut' | 'flip';
  readonly at: number;
  readonly index: number;
}

export const textMutation: fc.Arbitrary<TextMutation> = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'cut', 'flip'),
  at: fc.nat(),
  index: fc.nat(),
});

export function mutateText(text: string, { kind, at, index }: TextMutation): string {
  switch (kind) {
    case 'insert':
      return afterNth(text, '{', at, INSERTED[index % INSERTED.length] ?? '');
    case 'replace':
      return replaceNth(
        text,
        /(?<=:)(?:-?\d[\d.e+]*|"[^"]*"|true|false|null)/g,
        at,
        REPLACED[index % REPLACED.length] ?? '',
      );
    case 'cut':
      return text.slice(0, at % (text.length + 1));
    case 'flip': {
      const place = at % text.length;
      return text.slice(0, place) + String.fromCharCode((index % 94) + 32) + text.slice(place + 1);
    }
  }
}

function afterNth(text: string, part: string, nth: number, inserted: string): string {
  const places = [...text.matchAll(new RegExp(`\\${part}`, 'g'))].map(({ index }) => index);
  const place = places[nth % Math.max(places.length, 1)];
  return place === undefined ? text : text.slice(0, place + 1) + inserted + text.slice(place + 1);
}

function replaceNth(text: string, pattern: RegExp, nth: number, replacement: string): string {
  const count = [...text.matchAll(pattern)].length;
  let seen = -1;
  return text.replaceAll(pattern, (found) => {
    seen += 1;
    return seen === nth % Math.max(count, 1) ? replacement : found;
  });
}
