/** Who carries phone calls, and how far callers may go. */
import { Type } from '@sinclair/typebox';
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { url } from '../address.ts';
import { choice, format, integer, list, text } from '../format.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional, setting } from '../setting.ts';

const HOUR_MS = 3_600_000;
const COUNTRIES: ReadonlySet<string> = new Set(getCountries());

/** By its two letters, in capitals. */
const country = format({
  schema: Type.String({ minLength: 1 }),
  expected: 'a country such as US or GB',
  read: (text) => (COUNTRIES.has(text.toUpperCase()) ? text.toUpperCase() : undefined),
});

/** In E.164. */
const phoneNumber = format({
  schema: Type.String({ minLength: 1 }),
  expected: 'a number with + and the country code, such as +14155550123',
  read: (text) => {
    const parsed = text.startsWith('+') ? parsePhoneNumberFromString(text, { extract: false }) : undefined;
    return parsed?.isPossible() ? parsed.number : undefined;
  },
});

/** How Twilio names its things: two letters, and a long number in hexadecimal digits. */
function twilioId(prefix: 'AC' | 'SK', what: string) {
  return format({
    schema: Type.String({ pattern: `^${prefix}[0-9a-f]{32}$` }),
    expected: `${what}, ${prefix} and 32 hexadecimal digits`,
    read: (text) => text,
  });
}

export const voipSettings = {
  VOIP_PROVIDER: optional(choice(['twilio', 'mock']), {
    defaultText: 'none in production, mock in development',
    doc: 'Who carries phone calls: twilio, or mock, a telephone network inside of the server for development. Without one nobody can dial.',
  }),
  VOIP_ACCOUNT_SID: optional(twilioId('AC', 'the account of Twilio'), {
    doc: 'The account of Twilio.',
  }),
  VOIP_AUTH_TOKEN: optional(text('the auth token of that account'), {
    isSecret: true,
    doc: 'The auth token of the account: signs what Twilio says to the server, and is used to log in there without an API key.',
  }),
  VOIP_API_KEY: optional(twilioId('SK', 'an API key of that account'), {
    doc: 'An API key to log in to Twilio with. Goes with VOIP_API_SECRET.',
  }),
  VOIP_API_SECRET: optional(text('the secret of VOIP_API_KEY'), {
    isSecret: true,
    doc: 'The secret of VOIP_API_KEY.',
  }),
  VOIP_API_URL: optional(url({ protocols: ['http:', 'https:'], example: 'https://twilio.example.com' }), {
    defaultText: 'that of Twilio',
    doc: 'Another address for the REST API of Twilio, such as that of a proxy.',
  }),
  VOIP_FROM_NUMBER: optional(phoneNumber, {
    doc: 'The number from which calls come.',
  }),
  VOIP_ALLOWED_COUNTRIES: optional(list(country), {
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

export interface TwilioConfig {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string };
  readonly apiUrl?: string;
  readonly fromNumber: string;
  /** Where Twilio reaches this server, without a slash at the end. */
  readonly publicBaseUrl: string;
}

export interface VoipConfig {
  readonly provider: { readonly kind: 'mock' } | ({ readonly kind: 'twilio' } & TwilioConfig) | undefined;
  readonly fromNumber: string | undefined;
  /** In capitals; undefined: that of `fromNumber`, or any where there is none. */
  readonly allowedCountries: readonly string[] | undefined;
  readonly maxDurationMs: number;
  readonly ringMs: number;
  readonly callsPerDay: number;
  readonly maxCalls: number;
}

export function readVoip(reader: Reader, publicBaseUrl: string | undefined): VoipConfig {
  const values = readSettings(voipSettings, reader);
  const isProduction = reader.environment === 'production';
  const kind = values.VOIP_PROVIDER ?? (isProduction ? undefined : 'mock');
  if (isProduction && kind === 'mock') {
    reader.problems.add({
      name: 'VOIP_PROVIDER',
      what: 'is mock, which is for development',
      expected: 'twilio, or nothing for no phone calls',
      remedy: 'set it to twilio, or unset it',
    });
  }
  return {
    provider: kind === 'twilio' ? readTwilio(values, publicBaseUrl, reader) : kind && { kind },
    fromNumber: values.VOIP_FROM_NUMBER,
    allowedCountries: values.VOIP_ALLOWED_COUNTRIES,
    maxDurationMs: values.VOIP_MAX_DURATION,
    ringMs: values.VOIP_RING_TIMEOUT,
    callsPerDay: values.VOIP_CALLS_PER_DAY,
    maxCalls: values.VOIP_MAX_CALLS,
  };
}

interface TwilioValues {
  readonly VOIP_ACCOUNT_SID: string | undefined;
  readonly VOIP_AUTH_TOKEN: string | undefined;
  readonly VOIP_API_KEY: string | undefined;
  readonly VOIP_API_SECRET: string | undefined;
  readonly VOIP_API_URL: string | undefined;
  readonly VOIP_FROM_NUMBER: string | undefined;
}

/** With every value that is missing told; what is returned then is never used. */
function readTwilio(
  values: TwilioValues,
  publicBaseUrl: string | undefined,
  reader: Reader,
): VoipConfig['provider'] {
  const demand = (name: string, value: string | undefined, remedy: string): string => {
    const isSample = value !== undefined && reader.environment === 'production' && isSampleSecret(value);
    if (value === undefined || isSample) {
      reader.problems.add({
        name,
        what: isSample ? 'is a sample from documentation' : 'is missing, and VOIP_PROVIDER is twilio',
        expected: 'a value',
        remedy,
      });
    }
    return value ?? '';
  };
  const { VOIP_API_KEY: sid, VOIP_API_SECRET: secret } = values;
  if ((sid === undefined) !== (secret === undefined)) {
    reader.problems.add({
      name: sid === undefined ? 'VOIP_API_KEY' : 'VOIP_API_SECRET',
      what: `is missing, and ${sid === undefined ? 'VOIP_API_SECRET' : 'VOIP_API_KEY'} is set`,
      expected: 'both or none of them',
      remedy: 'set both, or unset both',
    });
  }
  // Twilio brings the voice by wss alone.
  if (publicBaseUrl !== undefined && !publicBaseUrl.startsWith('https:')) {
    reader.problems.add({
      name: 'PUBLIC_BASE_URL',
      what: `is ${publicBaseUrl}, and VOIP_PROVIDER is twilio`,
      expected: 'an address with https, by which Twilio reaches the server',
      remedy: 'put HTTPS before the server, and name that address',
    });
  }
  return {
    kind: 'twilio',
    accountSid: demand('VOIP_ACCOUNT_SID', values.VOIP_ACCOUNT_SID, 'take it from the console of Twilio'),
    authToken: demand('VOIP_AUTH_TOKEN', values.VOIP_AUTH_TOKEN, 'take it from the console of Twilio'),
    fromNumber: demand('VOIP_FROM_NUMBER', values.VOIP_FROM_NUMBER, 'set it to a number of that account'),
    publicBaseUrl: demand(
      'PUBLIC_BASE_URL',
      publicBaseUrl,
      'set it to the address by which Twilio reaches the server',
    ),
    ...(sid !== undefined && secret !== undefined && { apiKey: { sid, secret } }),
    ...(values.VOIP_API_URL !== undefined && { apiUrl: values.VOIP_API_URL.replace(/\/+$/, '') }),
  };
}
