/** Names as people count them: `segment_10` comes after `segment_9`. */

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

export function compareNaturally(a: string, b: string): number {
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The name without its numbers: what is of one series has the same. */
export function shapeOf(name: string): string {
  return name.replace(/\d+/g, '#');
}

/** The last number in the name, before its ending. */
export function numberIn(name: string): number | undefined {
  const digits = /(\d+)\D*$/.exec(name.replace(/\.[a-z0-9]+$/i, ''))?.[1];
  const value = Number(digits);
  return digits !== undefined && Number.isSafeInteger(value) ? value : undefined;
}
