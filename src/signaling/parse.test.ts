import { describe, expect, test } from 'bun:test';
import { MAX_SDP_MESSAGE_BYTES, parseMessage } from './parse.ts';

const MAX_BYTES = 1_000;

function parse(message: unknown) {
  return parseMessage(typeof message === 'string' ? message : JSON.stringify(message), MAX_BYTES);
}

describe('parseMessage', () => {
  test('a message without data gets empty data', () => {
    expect(parse({ type: 'leave', roomId: 'r' })).toEqual({
      kind: 'message',
      message: { type: 'leave', roomId: 'r', data: {} },
    });
  });

  test('what the schema does not name is removed', () => {
    expect(parse({ type: 'mute', roomId: 'r', data: { kind: 'video', volume: 11 } })).toMatchObject({
      kind: 'message',
      message: { data: { kind: 'video' } },
    });
  });

  test('keys that would change a prototype are refused, wherever they stand', () => {
    for (const data of ['{"__proto__":{}}', '{"metadata":{"a":{"constructor":{"prototype":{}}}}}']) {
      expect(parse(`{"type":"join","roomId":"r","data":${data}}`).kind).toBe('invalid');
    }
  });

  test('says which field is wrong, and keeps the id when it can', () => {
    expect(parse({ id: '7', type: 'mute', roomId: 'r', data: { kind: 'smell' } })).toEqual({
      kind: 'invalid',
      id: '7',
      problem: '/data/kind: Expected union value',
    });
    expect(parse({ id: '8', type: 'mute', roomId: 'no spaces' })).toMatchObject({ kind: 'invalid', id: '8' });
    expect(parse({ id: 9, type: 'mute', roomId: 'r' })).toMatchObject({ kind: 'invalid', id: undefined });
  });

  test('refuses what is no JSON, no object, no known type, and what is binary', () => {
    for (const text of ['', '{', '[]', 'null', '7', '"join"', '{"type":"toString","roomId":"r"}']) {
      expect(parse(text).kind).toBe('invalid');
    }
    expect(parseMessage(new Uint8Array([1]), MAX_BYTES).kind).toBe('invalid');
  });

  test('counts bytes, not characters', () => {
    const text = JSON.stringify({ type: 'chat', roomId: 'r', data: { text: 'я'.repeat(600) } });
    expect(text.length).toBeLessThan(MAX_BYTES);
    expect(parse(text)).toEqual({ kind: 'too-long' });
  });

  test('a session description may be longer than other messages, and not without end', () => {
    const offer = (length: number) => ({ type: 'offer', roomId: 'r', data: { sdp: 'x'.repeat(length) } });
    expect(parse(offer(MAX_BYTES)).kind).toBe('message');
    expect(parse(offer(MAX_SDP_MESSAGE_BYTES))).toEqual({ kind: 'too-long' });
    expect(parse({ ...offer(MAX_BYTES), type: 'offering' })).toEqual({ kind: 'too-long' });
    expect(parse(`{${' '.repeat(MAX_BYTES)}`)).toEqual({ kind: 'too-long' });
  });

  test('of what is passed on to others nothing is removed', () => {
    const data = { sdp: { type: 'offer', sdp: 'x', more: 1 }, tracks: { 0: { label: 'me' } }, callId: 7 };
    expect(parse({ type: 'offer', roomId: 'r', targetUserId: 'ann', data })).toMatchObject({
      message: { data },
    });
    const candidate = { candidate: { candidate: 'x', sdpMid: '0' }, last: false };
    expect(parse({ type: 'ice-candidate', roomId: 'r', data: candidate })).toMatchObject({
      message: { data: candidate },
    });
  });

  test('what could not be stored or passed on is refused', () => {
    for (const metadata of ['"\\u0000"', '"\\ud800"', '['.repeat(400) + ']'.repeat(400)]) {
      expect(parse(`{"id":"7","type":"join","roomId":"r","data":{"metadata":${metadata}}}`)).toMatchObject({
        kind: 'invalid',
        id: '7',
      });
    }
  });

  test('a bitrate that is no whole number is refused: writing it would break the worker for every call on it', () => {
    const produce = (maxBitrate: number) =>
      parse({
        type: 'produce',
        roomId: 'r',
        data: {
          transportId: '01a1fc9c-a1d0-73b2-b2f5-5ddb1a08fbe8',
          kind: 'audio',
          source: 'microphone',
          rtpParameters: {
            codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
            encodings: [{ ssrc: 1, maxBitrate }],
          },
        },
      }).kind;
    expect(produce(64_000)).toBe('message');
    expect(produce(64_000.5)).toBe('invalid');
    expect(produce(1e300)).toBe('invalid');
  });

  test('a fingerprint must be as long as its hash', () => {
    const connect = (algorithm: string, bytes: number) =>
      parse({
        type: 'connect-transport',
        roomId: 'r',
        data: {
          transportId: '01a1fc9c-a1d0-73b2-b2f5-5ddb1a08fbe8',
          dtlsParameters: { fingerprints: [{ algorithm, value: Array(bytes).fill('AB').join(':') }] },
        },
      }).kind;
    expect(connect('sha-256', 32)).toBe('message');
    expect(connect('sha-256', 31)).toBe('invalid');
    expect(connect('sha-1', 32)).toBe('invalid');
    expect(connect('md5', 16)).toBe('invalid');
  });
});
