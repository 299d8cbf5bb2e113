/** Moments that callers write, as dates. */
import { AppError } from '../lib/index.ts';

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;

/**
 * RFC 3339, with a zone. Throws `validation_error` that names the field: the schema's format lets the 30th of February
 * pass, which a `Date` would make the 2nd of March, and 25 o'clock, which it cannot hold at all.
 */
export function toMoment(text: string, field: string): Date {
  const [, year, month, day] = MOMENT.exec(text) ?? [];
  const moment = new Date(text);
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day === undefined || Number(day) > lastDay || Number.isNaN(moment.getTime())) {
    throw new AppError(
      'validation_error',
      `"${field}" is no moment, such as 2026-01-31T09:30:00Z.`,
      'caller',
      {
        details: [{ path: `/${field}`, problem: 'is no moment of RFC 3339' }],
      },
    );
  }
  return moment;
}
