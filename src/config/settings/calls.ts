/** How long calls live, who may make them appear, and what one signalling socket may cost. */
import { integer, onOff } from '../format.ts';
import { duration, size } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { setting } from '../setting.ts';

const HOUR_MS = 3_600_000;

export const callSettings = {
  CALL_AUTO_CREATE: setting(onOff(), {
    production: false,
    development: true,
    doc: 'Lets a join create the call that it names. A switch of development: production refuses it.',
  }),
  RECONNECT_GRACE: setting(duration({ minimumMs: 0, maximumMs: 10 * 60_000 }), {
    default: 30_000,
    doc: 'How long a participant whose socket is lost, or whose server restarted, may resume.',
  }),
  CALL_EMPTY_TIMEOUT: setting(duration({ minimumMs: 0, maximumMs: 24 * HOUR_MS }), {
    default: 60_000,
    doc: 'How long a call goes on after the last participant has left.',
  }),
  CALL_MAX_DURATION: setting(duration({ minimumMs: 1000, maximumMs: 24 * 24 * HOUR_MS }), {
    default: 24 * HOUR_MS,
    doc: 'After this time a call ends, whoever is in it.',
  }),
  CALL_MAX_PARTICIPANTS: setting(integer({ minimum: 1, maximum: 10_000 }), {
    default: 50,
    doc: 'How many participants a call takes when its creator does not say.',
  }),
};

export const signalingSettings = {
  SIGNALING_MAX_MESSAGE_SIZE: setting(size({ minimumBytes: 1024, maximumBytes: 16 * 1024 * 1024 }), {
    default: 64 * 1024,
    doc: 'The longest message that a signalling socket takes; a longer one closes it.',
  }),
  SIGNALING_MESSAGES_PER_SECOND: setting(integer({ minimum: 1, maximum: 100_000 }), {
    default: 50,
    doc: 'How many messages a second a signalling socket may send for long.',
  }),
  SIGNALING_MESSAGE_BURST: setting(integer({ minimum: 1, maximum: 100_000 }), {
    default: 200,
    doc: 'How many messages it may send at once before that rate counts.',
  }),
  SIGNALING_MAX_UNSENT_SIZE: setting(size({ minimumBytes: 64 * 1024, maximumBytes: 1024 ** 3 }), {
    default: 1024 * 1024,
    doc: 'How much may wait for a client that does not read; with more its socket is closed.',
  }),
  SIGNALING_IDLE_TIMEOUT: setting(duration({ minimumMs: 100, maximumMs: HOUR_MS }), {
    default: 60_000,
    doc: 'A socket that is silent for longer is closed.',
  }),
};

export interface CallsConfig {
  readonly autoCreate: boolean;
  readonly emptyTimeoutMs: number;
  readonly reconnectGraceMs: number;
  readonly maxDurationMs: number;
  readonly maxParticipants: number;
}

export interface SignalingConfig {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly maxUnsentBytes: number;
  readonly idleTimeoutMs: number;
}

export function readCalls(reader: Reader): CallsConfig {
  const values = readSettings(callSettings, reader);
  if (reader.environment === 'production' && values.CALL_AUTO_CREATE) {
    reader.problems.add({
      name: 'CALL_AUTO_CREATE',
      what: 'is on, and is a switch of development',
      expected: 'off in production, where calls are created by POST /video-calls',
      remedy: 'unset it',
    });
  }
  return {
    autoCreate: values.CALL_AUTO_CREATE,
    emptyTimeoutMs: values.CALL_EMPTY_TIMEOUT,
    reconnectGraceMs: values.RECONNECT_GRACE,
    maxDurationMs: values.CALL_MAX_DURATION,
    maxParticipants: values.CALL_MAX_PARTICIPANTS,
  };
}

export function readSignaling(reader: Reader): SignalingConfig {
  const values = readSettings(signalingSettings, reader);
  return {
    maxMessageBytes: values.SIGNALING_MAX_MESSAGE_SIZE,
    messagesPerSecond: values.SIGNALING_MESSAGES_PER_SECOND,
    messageBurst: values.SIGNALING_MESSAGE_BURST,
    maxUnsentBytes: values.SIGNALING_MAX_UNSENT_SIZE,
    idleTimeoutMs: values.SIGNALING_IDLE_TIMEOUT,
  };
}
