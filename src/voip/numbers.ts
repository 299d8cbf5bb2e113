/** Which numbers may be dialled: real ones, in countries that are allowed, and none that only exist to cost money. */
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { AppError } from '../lib/index.ts';

export interface NumberRules {
  /** ISO 3166 codes; undefined: every country. */
  readonly countries: readonly string[] | undefined;
}

/** The kinds for which the caller pays extra: what toll fraud dials. */
const COSTLY: ReadonlySet<string> = new Set([
  'PREMIUM_RATE',
  'SHARED_COST',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
]);

/** As people write numbers; no extension, no pause, no parameter. */
const WRITTEN = /^\+[\d\s().-]{4,40}$/;

/** In E.164. Throws `validation_error` with the reason. */
export function readNumber(text: string | undefined, { countries }: NumberRules): string {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') throw refusal('phone_number is required');
  if (!trimmed.startsWith('+'))
    throw refusal('phone_number must begin with + and the country code, such as +14155550123');
  const parsed = WRITTEN.test(trimmed) ? parsePhoneNumberFromString(trimmed, { extract: false }) : undefined;
  if (!parsed?.isValid() || parsed.ext !== undefined)
    throw refusal('phone_number is not a number that can be dialled');
  if (COSTLY.has(parsed.getType() ?? '')) throw refusal('phone_number is one that costs its callers extra');
  demandCountry(parsed, countries);
  return parsed.number;
}

/** Of a number in E.164; undefined when nobody can tell. */
export function countryOf(number: string): string | undefined {
  return parsePhoneNumberFromString(number)?.country;
}

function demandCountry(
  { country, countryCallingCode }: PhoneNumber,
  countries: NumberRules['countries'],
): void {
  if (!countries || (country && countries.includes(country))) return;
  const where = country ?? `the country code +${countryCallingCode}`;
  throw refusal(`phone_number is in ${where}, and calls go only to ${countries.join(', ') || 'no country'}`);
}

function refusal(message: string): AppError {
  return new AppError('validation_error', message);
}
