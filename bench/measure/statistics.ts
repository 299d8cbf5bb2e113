/** Medians, quartiles and slopes of a few measured numbers. */

/** A sample as it is reported: robust against the one round that another process disturbed. */
export interface Summary {
  readonly median: number;
  /** First quartile. */
  readonly low: number;
  /** Third quartile. */
  readonly high: number;
  readonly count: number;
}

/** Throws on an empty sample: a benchmark that measured nothing has no result. */
export function summarize(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    count: values.length,
  };
}

/** The value below which this part of the sample lies, 0 to 1, interpolated between neighbours. Throws on an empty sample. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('an empty sample has no quantiles');
  return below + (above - below) * (position - Math.floor(position));
}

/** How much a series grows from one value to the next, by least squares. Throws when it has fewer than two values. */
export function slope(series: readonly number[]): number {
  if (series.length < 2) throw new RangeError('a slope needs two values');
  const meanX = (series.length - 1) / 2;
  const meanY = series.reduce((sum, value) => sum + value, 0) / series.length;
  const rise = series.reduce((sum, value, index) => sum + (index - meanX) * (value - meanY), 0);
  const run = series.reduce((sum, _, index) => sum + (index - meanX) ** 2, 0);
  return rise / run;
}
