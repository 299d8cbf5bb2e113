/** Durations and sizes with their units: `30s`, `24h`, `64KiB`. */
import { Type } from '@sinclair/typebox';
import { type Format, format } from './format.ts';

const MS_PER_UNIT = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const BYTES_PER_UNIT = { GiB: 1024 ** 3, MiB: 1024 ** 2, KiB: 1024, B: 1 } as const;

/** The value is in milliseconds; a number without a unit means seconds. */
export function duration(range: { minimumMs: number; maximumMs: number }): Format<number> {
  return format({
    schema: Type.Integer({ minimum: range.minimumMs, maximum: range.maximumMs }),
    expected:
      `a duration from ${printIn(MS_PER_UNIT, range.minimumMs)} to ${printIn(MS_PER_UNIT, range.maximumMs)}, ` +
      'such as 1500ms, 30s, 5m or 24h (a plain number is seconds)',
    read: (value) => readIn({ units: MS_PER_UNIT, withoutUnit: MS_PER_UNIT.s, value }),
    print: (value) => printIn(MS_PER_UNIT, value),
  });
}

/** The value is in bytes; a number without a unit means bytes. */
export function size(range: { minimumBytes: number; maximumBytes: number }): Format<number> {
  return format({
    schema: Type.Integer({ minimum: range.minimumBytes, maximum: range.maximumBytes }),
    expected:
      `a size from ${printIn(BYTES_PER_UNIT, range.minimumBytes)} to ` +
      `${printIn(BYTES_PER_UNIT, range.maximumBytes)}, such as 64KiB or 1MiB (a plain number is bytes)`,
    read: (value) => readIn({ units: BYTES_PER_UNIT, withoutUnit: 1, value }),
    print: (value) => printIn(BYTES_PER_UNIT, value),
  });
}

type Units = Readonly<Record<string, number>>;

function readIn({ units, withoutUnit, value }: { units: Units; withoutUnit: number; value: string }) {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value);
  if (!match) return undefined;
  const [, amount, unit = ''] = match;
  const factor = unit === '' ? withoutUnit : findUnit(units, unit);
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

function findUnit(units: Units, wanted: string): number | undefined {
  return Object.entries(units).find(([unit]) => unit.toLowerCase() === wanted.toLowerCase())?.[1];
}

/** In the largest unit that gives a whole number. */
function printIn(units: Units, value: number): string {
  const fitting = Object.entries(units).find(([, factor]) => value >= factor && value % factor === 0);
  return fitting ? `${value / fitting[1]}${fitting[0]}` : String(value);
}
