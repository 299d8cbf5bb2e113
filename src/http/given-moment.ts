/** A moment that somebody gives: RFC 3339 of a year that a calendar has, for JavaScript knows moments that PostgreSQL does not. */
import { Type } from '@sinclair/typebox';

export const GIVEN_MOMENT = {
  format: 'date-time',
  pattern: '^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ]',
} as const;

export const GivenMoment = Type.String({ ...GIVEN_MOMENT, examples: ['2026-01-31T09:30:00Z'] });
