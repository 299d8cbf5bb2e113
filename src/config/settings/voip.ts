/** Who carries phone calls, and how far callers may go. */
import { choice, integer, list, text } from '../format.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional, setting } from '../setting.ts';

const HOUR_MS = 3_600_000;

export const voipSettings = {
  VOIP_PROVIDER: optional(choice(['mock']), {
    defaultText: 'none in production, mock in development',
    doc: 'Who carries phone calls: mock, a telephone network inside of the server for development. Without one nobody can dial.',
  }),
  VOIP_FROM_NUMBER: optional(text('a number such as +14155550123'), {
    doc: 'The number from which calls come.',
  }),
  VOIP_ALLOWED_COUNTRIES: optional(list(text('a country such as US')), {
    defaultText: 'that of VOIP_FROM_NUMBER; any for mock',
    doc: 'The countries that may be called, by their two letters (ISO 3166). Numbers that cost their callers extra are never called.',
  }),
  VOIP_MAX_DURATION: setting(duration({ minimumMs: 1_000, maximumMs: 24 * HOUR_MS }), {
    default: HOUR_MS,
    doc: 'After this time a phone call is hung up.',
  }),
  VOIP_RING_TIMEOUT: setting(duration({ minimumMs: 5_000, maximumMs: 600_000 }), {
    default: 60_000,
    doc: 'How long a phone rings that nobody answers.',
  }),
  VOIP_CALLS_PER_DAY: setting(integer({ minimum: 0, maximum: 1_000_000 }), {
    default: 100,
    doc: 'How many calls a user may make within 24 hours.',
  }),
  VOIP_MAX_CALLS: setting(integer({ minimum: 0, maximum: 10_000 }), {
    default: 200,
    doc: 'How many phone calls the server carries at once; the next one is answered 503.',
  }),
};

export interface VoipConfig {
  readonly provider: { readonly kind: 'mock' } | undefined;
  readonly fromNumber: string | undefined;
  /** In capitals; undefined: that of `fromNumber`, or any where there is none. */
  readonly allowedCountries: readonly string[] | undefined;
  readonly maxDurationMs: number;
  readonly ringMs: number;
  readonly callsPerDay: number;
  readonly maxCalls: number;
}

export function readVoip(reader: Reader): VoipConfig {
  const values = readSettings(voipSettings, reader);
  const isProduction = reader.environment === 'production';
  const kind = values.VOIP_PROVIDER ?? (isProduction ? undefined : 'mock');
  if (isProduction && kind === 'mock') {
    reader.problems.add({
      name: 'VOIP_PROVIDER',
      what: 'is mock, which is for development',
      expected: 'nothing: without it nobody can dial',
      remedy: 'unset it',
    });
  }
  return {
    provider: kind && { kind },
    fromNumber: values.VOIP_FROM_NUMBER,
    allowedCountries: values.VOIP_ALLOWED_COUNTRIES?.map((country) => country.toUpperCase()),
    maxDurationMs: values.VOIP_MAX_DURATION,
    ringMs: values.VOIP_RING_TIMEOUT,
    callsPerDay: values.VOIP_CALLS_PER_DAY,
    maxCalls: values.VOIP_MAX_CALLS,
  };
}
