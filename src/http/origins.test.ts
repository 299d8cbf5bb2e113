import { expect, test } from 'bun:test';
import { originCheck } from './origins.ts';

function requestFrom(origin?: string, host = 'kaa.example:3000'): Request {
  return new Request('http://kaa.example:3000/', { headers: { host, ...(origin ? { origin } : {}) } });
}

test('our own page, listed pages and programs pass; any other page does not', () => {
  const isAllowed = originCheck({ corsOrigins: ['https://app.example'], allowsLocalOrigins: false });
  expect(isAllowed(requestFrom())).toBe(true);
  expect(isAllowed(requestFrom('http://kaa.example:3000'))).toBe(true);
  expect(isAllowed(requestFrom('https://app.example'))).toBe(true);
  expect(isAllowed(requestFrom('https://evil.example'))).toBe(false);
  expect(isAllowed(requestFrom('http://kaa.example'))).toBe(false);
  expect(isAllowed(requestFrom('null'))).toBe(false);
  const letsAllIn = originCheck({ corsOrigins: ['*'], allowsLocalOrigins: false });
  expect(letsAllIn(requestFrom('https://evil.example'))).toBe(true);
  const isDeveloping = originCheck({ corsOrigins: [], allowsLocalOrigins: true });
  expect(isDeveloping(requestFrom('http://localhost:5173'))).toBe(true);
  expect(isDeveloping(requestFrom('http://localhost.evil.example'))).toBe(false);
});
