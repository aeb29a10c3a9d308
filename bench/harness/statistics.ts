/** Values in ascending order. */
function ascending(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('there are no values to describe');
  return [...values].sort((a, b) => a - b);
}

/** Smallest value that at least `share` (0 to 1) of all values do not exceed: the nearest rank, never an invented value. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** Middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** What is said of one figure that was measured several times. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median and extremes. */
export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return {
    median: median(sorted),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/**
 * How a cost grows with the size: the exponent of the power law that fits best, by least squares on
 * logarithms. 0 is a cost that stays, 1 one that grows as the size does, 2 its square. `null` when
 * fewer than two sizes have a cost above 0.
 */
export function growthExponent(
  points: readonly { readonly size: number; readonly cost: number }[],
): number | null {
  const logs = points
    .filter(({ size, cost }) => size > 0 && cost > 0)
    .map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  if (new Set(logs.map(({ x }) => x)).size < 2) return null;
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const variance = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}
