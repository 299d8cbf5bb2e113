import { expect, test } from 'bun:test';
import { publicBaseUrl, signalingUrl } from './public-address.ts';

test('links lead to the configured address, else to the one that was asked', () => {
  const request = new Request('http://10.0.0.7:3000/video-calls/standup/join?x=1');
  expect(publicBaseUrl(request, undefined)).toBe('http://10.0.0.7:3000');
  expect(publicBaseUrl(request, 'https://calls.example.com/kaa')).toBe('https://calls.example.com/kaa');
});

test('the socket is secure where the page is', () => {
  expect(signalingUrl('http://localhost:3000')).toBe('ws://localhost:3000/video-calls/ws');
  expect(signalingUrl('https://calls.example.com')).toBe('wss://calls.example.com/video-calls/ws');
});
