import { describe, expect, test } from 'bun:test';
import { AppError } from '../lib/index.ts';
import { readNumber } from './numbers.ts';

/** The number, or the reason of its refusal. */
function read(text: string | undefined, countries?: readonly string[]): string {
  try {
    return readNumber(text, { countries });
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('a number that is to be dialled', () => {
  test('is taken as people write it, and becomes E.164', () => {
    expect(read('+1 (201) 555-0123')).toBe('+12015550123');
    expect(read(' +44 20 7946 0958 ')).toBe('+442079460958');
  });

  test.each([
    [undefined, 'validation_error: phone_number is required'],
    ['', 'validation_error: phone_number is required'],
    ['2015550123', 'validation_error: phone_number must begin with +'],
    ['+1', 'validation_error: phone_number is not a number'],
    ['+999123456789', 'validation_error: phone_number is not a number'],
    ['+1201555012', 'validation_error: phone_number is not a number'],
    ['+12015550123 ext. 9', 'validation_error: phone_number is not a number'],
    ['+12015550123;sip:x', 'validation_error: phone_number is not a number'],
    ['+447700900123,,,9', 'validation_error: phone_number is not a number'],
    ['+911', 'validation_error: phone_number is not a number'],
  ])('is refused when it is none: %p', (text, reason) => {
    expect(read(text)).toStartWith(reason);
  });

  test('is refused when its caller pays extra', () => {
    expect(read('+19002345678')).toContain('costs its callers extra');
    expect(read('+449098790123')).toContain('costs its callers extra');
    // Numbers that follow a person, at the price of a premium one.
    expect(read('+447012345678')).toContain('costs its callers extra');
    expect(read('+15002345678')).toContain('costs its callers extra');
  });

  test('is refused outside of the countries that are allowed, with the reason', () => {
    expect(read('+442079460958', ['US', 'CA'])).toBe(
      'validation_error: phone_number is in GB, and calls go only to US, CA',
    );
    expect(read('+12015550123', ['US'])).toBe('+12015550123');
    // The same country code, another country: the Bahamas are a favourite of toll fraud.
    expect(read('+12423456789', ['US'])).toContain('is in BS');
    // Satellite phones belong to none.
    expect(read('+881612345678', ['US'])).toStartWith('validation_error');
  });
});
