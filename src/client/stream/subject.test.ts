import { expect, test } from 'bun:test';
import { subjectOf } from './subject.ts';

test('a token names its user', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  expect(subjectOf(`${part({ alg: 'HS256' })}.${part({ sub: 'ann', name: 'Ännchen?>' })}.signature`)).toBe(
    'ann',
  );
  for (const token of ['', 'x', 'a.b.c', `${part({})}.${part({ sub: 7 })}.`, `${part({})}.${part([])}.`]) {
    expect(subjectOf(token)).toBe('');
  }
});
