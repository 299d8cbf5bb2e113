import { expect, test } from 'bun:test';
import { iceServersFor } from './ice-servers.ts';

test('TURN credentials name the user, end after a day, and are what the TURN server computes', () => {
  const [stun, turn] = iceServersFor(
    'alice',
    {
      iceServers: [{ urls: ['stun:stun.example:3478'] }],
      turn: { urls: ['turn:turn.example:3478'], secret: 'north' },
    },
    1_000_000,
  );
  expect(stun).toEqual({ urls: ['stun:stun.example:3478'] });
  // printf '%s' '87400:alice' | openssl dgst -sha1 -hmac north -binary | base64
  expect(turn).toEqual({
    urls: ['turn:turn.example:3478'],
    username: '87400:alice',
    credential: 'Zwdxk2HCh/rwZv1ktOGIwbin5l4=',
  });
});
