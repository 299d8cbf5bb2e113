/** Streaming sessions: what a message and a session may cost, how long they wait, and where their sockets are found. */
import { url } from '../address.ts';
import { integer, onOff } from '../format.ts';
import { duration, size } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional, setting } from '../setting.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 ** 2;
/** How many of the largest messages may wait for one operator when nobody says otherwise. */
const SLOW_MESSAGES = 4;

export const streamSettings = {
  WS_MAX_MESSAGE_SIZE: setting(size({ minimumBytes: 1024, maximumBytes: 256 * MIB }), {
    default: 10 * MIB,
    doc: 'The longest message that a source or an operator may send; a longer one closes its socket with 1009.',
  }),
  WS_SLOW_LIMIT: optional(size({ minimumBytes: 1024, maximumBytes: 1024 * MIB }), {
    defaultText: `${SLOW_MESSAGES} × WS_MAX_MESSAGE_SIZE`,
    doc: 'How much may wait for an operator who does not read; with more that one is closed with 1013.',
  }),
  WS_BASE_URL: optional(url({ protocols: ['ws:', 'wss:'], example: 'wss://stream.example.com' }), {
    defaultText: 'PUBLIC_BASE_URL, or the address of each request',
    doc: 'The base of the ws_url that the creator of a session is given.',
  }),
  STREAM_WS_AUTH: setting(onOff(), {
    default: true,
    doc: 'Off, sources need no stream key and operators no token. A switch of development: production refuses it.',
  }),
  STREAM_SOCKET_TIMEOUT: setting(duration({ minimumMs: 100, maximumMs: HOUR_MS }), {
    default: 60_000,
    doc: 'A socket of a session from which nothing comes for longer, not even the answer to a ping, is closed.',
  }),
  SESSION_MAX_OPERATORS: setting(integer({ minimum: 1, maximum: 1_000_000 }), {
    default: 1_000,
    doc: 'How many operators may be connected to one session at once.',
  }),
  SESSION_OPERATOR_TALK: setting(onOff(), {
    default: true,
    doc: 'Lets operators send messages to the source. Off, what they send goes nowhere.',
  }),
  SESSION_SOURCE_GRACE: setting(duration({ minimumMs: 0, maximumMs: HOUR_MS }), {
    default: 30_000,
    doc: 'How long a source whose socket is lost, or whose server restarted, may come back before its session is finished.',
  }),
  SESSION_IDLE_TIMEOUT: setting(duration({ minimumMs: 1_000, maximumMs: 24 * 24 * HOUR_MS }), {
    default: HOUR_MS,
    doc: 'How long a session whose source never came waits before it is finished.',
  }),
};

export interface StreamsConfig {
  readonly maxMessageBytes: number;
  readonly slowLimitBytes: number;
  /** Without a slash at the end. */
  readonly wsBaseUrl?: string;
  readonly needsAuth: boolean;
  readonly socketTimeoutMs: number;
  readonly maxOperators: number;
  readonly operatorsMayTalk: boolean;
  readonly sourceGraceMs: number;
  readonly idleTimeoutMs: number;
}

export function readStreams(reader: Reader): StreamsConfig {
  const values = readSettings(streamSettings, reader);
  if (reader.environment === 'production' && !values.STREAM_WS_AUTH) {
    reader.problems.add({
      name: 'STREAM_WS_AUTH',
      what: 'is off, and is a switch of development',
      expected: 'on in production, where sources show their stream key and operators their token',
      remedy: 'unset it',
    });
  }
  const slowLimitBytes = values.WS_SLOW_LIMIT ?? SLOW_MESSAGES * values.WS_MAX_MESSAGE_SIZE;
  if (slowLimitBytes < values.WS_MAX_MESSAGE_SIZE) {
    reader.problems.add({
      name: 'WS_SLOW_LIMIT',
      what: 'is less than WS_MAX_MESSAGE_SIZE',
      expected: 'at least one of the largest messages, or the first of them closes every operator',
      remedy: 'raise it, or unset it',
    });
  }
  return {
    maxMessageBytes: values.WS_MAX_MESSAGE_SIZE,
    slowLimitBytes,
    ...(values.WS_BASE_URL && { wsBaseUrl: values.WS_BASE_URL.replace(/\/+$/, '') }),
    needsAuth: values.STREAM_WS_AUTH,
    socketTimeoutMs: values.STREAM_SOCKET_TIMEOUT,
    maxOperators: values.SESSION_MAX_OPERATORS,
    operatorsMayTalk: values.SESSION_OPERATOR_TALK,
    sourceGraceMs: values.SESSION_SOURCE_GRACE,
    idleTimeoutMs: values.SESSION_IDLE_TIMEOUT,
  };
}
