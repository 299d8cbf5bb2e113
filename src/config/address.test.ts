import { describe, expect, test } from 'bun:test';
import { host, iceServerUrl, network, origin, port, url } from './address.ts';

const cases = [
  { name: 'port', format: port(), good: ['1', '65535'], bad: ['0', '65536', '80.5', '-1', '0x50', ''] },
  {
    name: 'host',
    format: host(),
    good: ['db', 'a_b', 'calls.example.com', '10.0.0.1', '::1'],
    bad: ['', 'a b', 'http://a', 'a/b', '-a', 'a..b'],
  },
  {
    name: 'network',
    format: network(),
    good: ['10.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    bad: ['10.0.0.0/33', '10.0.0/8', '10.0.0.0/', 'fd00::/129', '10.0.0.0/8/8', 'proxy'],
  },
  {
    name: 'origin',
    format: origin(),
    good: ['https://a.example', 'http://localhost:5173', 'capacitor://localhost'],
    bad: [
      '*',
      'https://*.example',
      'a.example',
      'https://a.example/',
      'https://a.example/x',
      'https://u:p@a',
    ],
  },
  {
    name: 'ice server',
    format: iceServerUrl(),
    good: ['stun:stun.example.com', 'turn:10.0.0.1:3478', 'turns:[fd00::1]:443?transport=tcp'],
    bad: ['stun.example.com:3478', 'stun://a', 'turn:a?transport=sctp', 'turn:', 'http:a'],
  },
  {
    name: 'url',
    format: url({ protocols: ['https:'], example: '' }),
    good: ['https://a', 'https://a:1/b?c'],
    bad: ['http://a', 'a', ''],
  },
];

describe.each(cases)('$name', ({ format, good, bad }) => {
  test('takes what is one', () => {
    expect(good.filter((text) => format.parse(text) === undefined)).toEqual([]);
  });

  test('refuses what is none', () => {
    expect(bad.filter((text) => format.parse(text) !== undefined)).toEqual([]);
  });
});
