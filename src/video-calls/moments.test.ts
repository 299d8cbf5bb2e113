import { expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { toMoment } from './moments.ts';

test('a moment is taken with its zone', () => {
  expect(toMoment('2026-01-31T09:30:00Z', 'from')).toEqual(new Date(Date.UTC(2026, 0, 31, 9, 30)));
  expect(toMoment('2026-01-31T09:30:00.5+02:00', 'from')).toEqual(
    new Date(Date.UTC(2026, 0, 31, 7, 30, 0, 500)),
  );
  expect(toMoment('2024-02-29T00:00:00Z', 'from').getUTCDate()).toBe(29);
});

test('days that do not exist, hours that do not, and moments without a zone are refused by name', async () => {
  const wrong = [
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T10:00:00',
    'Mon',
  ];
  for (const text of wrong) {
    const refusal = failureOf(Promise.resolve().then(() => toMoment(text, 'from')));
    expect(await refusal).toMatchObject({ code: 'validation_error', details: [{ path: '/from' }] });
  }
});
