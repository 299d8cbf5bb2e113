import { expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { problemWords } from './problem-words.ts';

test('of a choice it is told what there is to choose from', () => {
  const schema = Type.Union([Type.Literal('mp4'), Type.Literal('webm')]);
  expect(problemWords({ message: 'Expected union value', schema })).toBe('Expected one of "mp4", "webm"');
});

test('anything else is told as it is', () => {
  const schema = Type.Union([Type.Literal('mp4'), Type.Null()]);
  expect(problemWords({ message: 'Expected union value', schema })).toBe('Expected union value');
  expect(problemWords({ message: 'Expected string', schema: Type.String() })).toBe('Expected string');
  expect(problemWords({ message: 'Expected string' })).toBe('Expected string');
});
