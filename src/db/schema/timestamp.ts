/** The one column type for a moment: `timestamptz` in whole milliseconds. */
import { timestamp } from 'drizzle-orm/pg-core';

/**
 * PostgreSQL keeps microseconds and a `Date` milliseconds: with its default precision a row read and asked for
 * again by its own time would not be found.
 */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
