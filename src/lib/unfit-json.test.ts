import { expect, test } from 'bun:test';
import { findUnfitJson, isNestedTooDeep } from './unfit-json.ts';

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
