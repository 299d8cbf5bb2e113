import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { findUnfitJson, isNestedTooDeep, isSurelyFitJson } from './unfit-json.ts';

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

test('U+0000 and half surrogate pairs are found in values and in keys', () => {
  for (const value of ['a\0b', '\ud800', { '\udc00': 1 }, { a: [{ '\0': 1 }] }]) {
    expect(findUnfitJson(value)).toInclude('U+0000');
  }
  expect(findUnfitJson({ name: '👩‍👩‍👧', list: [1, null, 'ё'] })).toBeUndefined();
});

test('keys that hide what every object inherits are found', () => {
  for (const key of ['toString', 'valueOf', '__proto__']) {
    expect(findUnfitJson(JSON.parse(`[{"a":{"${key}":1}}]`))).toInclude(key);
  }
  expect(findUnfitJson({ constructor: 1 })).toBeUndefined();
});

test('what is nested too deep is found, however deep it is', () => {
  expect(findUnfitJson(nested(64))).toBeUndefined();
  expect(findUnfitJson(nested(65))).toInclude('nested');
  expect(findUnfitJson(nested(20_000))).toInclude('nested');
  expect([64, 65, 20_000].map((depth) => isNestedTooDeep(nested(depth)))).toEqual([false, true, true]);
});

test('what is told fit from its text is fit', () => {
  const unfitTexts = [
    '"\\u0000"',
    '"\ud800"',
    '"\\ud800"',
    '{"to\\u0053tring":1}',
    '{"valueOf":1}',
    '{"__proto__":1}',
  ];
  for (const text of [...unfitTexts, '['.repeat(65) + ']'.repeat(65)]) {
    expect([text, findUnfitJson(JSON.parse(text)) !== undefined, isSurelyFitJson(text)]).toEqual([
      text,
      true,
      false,
    ]);
  }
  const strings = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('toString', '\0', '\ud800', 'a'));
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(strings, fc.array(strings)));
  fc.assert(
    fc.property(value, (json) => {
      const text = JSON.stringify(json);
      return !isSurelyFitJson(text) || findUnfitJson(JSON.parse(text)) === undefined;
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('an ordinary message needs no closer look', () => {
  const data = { text: 'Grüß dich 👋 {“ok”}', list: [1, null, true], 'odd\nkey': { deep: [[{}]] } };
  expect(isSurelyFitJson(JSON.stringify({ type: 'chat', data }))).toBe(true);
});
