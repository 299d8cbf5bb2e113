import { expect, test } from 'bun:test';
import { fitName } from './fit-name.ts';

test('a name that fits stays, on one line', () => {
  expect(fitName('Zoë "q\' \\: %{pts} مرحبا', 30)).toBe('Zoë "q\' \\: %{pts} مرحبا');
  expect(fitName(' Ann\r\nof\u2028the\u0000 hill\u200b ', 30)).toBe('Ann of the hill');
});

test('a longer one is cut, wide letters earlier', () => {
  expect(fitName('i'.repeat(128), 10)).toBe(`${'i'.repeat(14)}…`);
  expect(fitName('W'.repeat(128), 10)).toBe(`${'W'.repeat(9)}…`);
  expect(fitName('名'.repeat(128), 10)).toBe(`${'名'.repeat(8)}…`);
  expect(fitName('😀'.repeat(128), 10)).toBe(`${'😀'.repeat(6)}…`);
});

test('letters are never cut apart, and where there is no room there is no name', () => {
  expect(fitName('e\u0301'.repeat(30), 5)).toBe(`${'e\u0301'.repeat(6)}…`);
  expect(fitName('Ann', 0.5)).toBe('');
  expect(fitName('\u0000\u200b \n', 10)).toBe('');
});
