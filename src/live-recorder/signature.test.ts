import { describe, expect, test } from 'bun:test';
import { demandSignature, sign } from './signature.ts';

const SECRET = 'a-secret-that-both-know';
const BODY = '{"event":"stream.started"}';
const NOW = Date.parse('2026-01-01T10:00:00Z');
const SECONDS = String(NOW / 1_000);

function isTaken(parts: {
  body?: string;
  signature?: string;
  timestamp?: string;
  secret?: string | undefined;
}) {
  const { body = BODY, timestamp = SECONDS, signature = sign(SECRET, timestamp, BODY) } = parts;
  const secret = 'secret' in parts ? parts.secret : SECRET;
  try {
    demandSignature({ body, signature, timestamp }, { secret, now: NOW });
    return true;
  } catch {
    return false;
  }
}

describe('an event', () => {
  test('that is signed is taken, however its moment is written', () => {
    for (const timestamp of [SECONDS, String(NOW), '2026-01-01T10:00:00Z', '2026-01-01T12:04:59+02:00']) {
      expect([timestamp, isTaken({ timestamp })]).toEqual([timestamp, true]);
    }
    expect(isTaken({ signature: sign(SECRET, SECONDS, BODY).toUpperCase() })).toBe(true);
    expect(sign('key', '1', 'x')).toBe('fc4913c41a7bf793267e2a384f3261c9436ec2cd097bd745e7b0d99113f510ec');
  });

  test('with another body, another secret or half a signature is not', () => {
    expect(isTaken({ body: `${BODY} ` })).toBe(false);
    expect(isTaken({ signature: sign('another', SECONDS, BODY) })).toBe(false);
    expect(isTaken({ signature: sign(SECRET, SECONDS, BODY).slice(0, 32) })).toBe(false);
    expect(isTaken({ signature: '' })).toBe(false);
  });

  test('of more than five minutes ago, or ahead, or of no moment at all is not', () => {
    const away = (ms: number) => String(NOW + ms);
    expect(isTaken({ timestamp: away(-299_000) })).toBe(true);
    for (const timestamp of [away(-301_000), away(301_000), 'yesterday', '', '0', '9'.repeat(16)]) {
      expect([timestamp, isTaken({ timestamp })]).toEqual([timestamp, false]);
    }
  });

  test('is never taken without a secret', () => {
    expect(isTaken({ secret: undefined })).toBe(false);
  });
});
