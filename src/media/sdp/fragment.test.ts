import { expect, test } from 'bun:test';
import { readFragment, writeFragment } from './fragment.ts';

const CREDENTIALS = `a=ice-ufrag:Zx8k\r\na=ice-pwd:${'p'.repeat(24)}\r\n`;
const CANDIDATE = 'a=candidate:1 1 udp 2122260223 192.0.2.7 61764 typ host generation 0\r\n';

test('credentials are read, and candidates looked at', () => {
  expect(readFragment(`${CREDENTIALS}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n${CANDIDATE}`)).toEqual({
    iceUfrag: 'Zx8k',
  });
  expect(readFragment('a=mid:0\na=end-of-candidates\n')).toEqual({ iceUfrag: undefined });
  expect(readFragment(`${CREDENTIALS}${CREDENTIALS}`)).toEqual({ iceUfrag: 'Zx8k' });
});

test('what cannot be a fragment is refused with the reason', () => {
  for (const text of [
    '',
    'nonsense',
    'a=ice-ufrag:Zx8k\r\n',
    'a=ice-ufrag:x\r\na=ice-pwd:y\r\n',
    `${CREDENTIALS}a=ice-ufrag:other\r\n`,
    'a=candidate:1 1 udp\r\n',
    `a=x:${'y'.repeat(5_000)}`,
    'a=x\r\n'.repeat(1_001),
    `a=x:${'y'.repeat(100)}\r\n`.repeat(900),
  ]) {
    expect(() => readFragment(text)).toThrow(/fragment/);
  }
});

test('ours has credentials, candidates and their end', () => {
  const text = writeFragment(
    {
      iceParameters: { usernameFragment: 'abcd', password: 'p'.repeat(24), iceLite: true },
      iceCandidates: [
        {
          foundation: 'udp',
          priority: 1,
          ip: '127.0.0.1',
          address: '127.0.0.1',
          port: 40_000,
          protocol: 'udp',
          type: 'host',
        },
      ],
    },
    '0',
  );
  expect(readFragment(text)).toEqual({ iceUfrag: 'abcd' });
  expect(text).toContain('a=candidate:udp 1 udp 1 127.0.0.1 40000 typ host\r\n');
});
