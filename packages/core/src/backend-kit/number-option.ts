import { show } from '../option-check.ts';

/** What a numeric option may be. */
export interface NumberRange {
  /** The range in words, as in `a number of milliseconds from 50`. */
  readonly wanted: string;
  /** The smallest number allowed. */
  readonly from: number;
  /** The largest number allowed. @defaultValue the largest finite number */
  readonly to?: number;
}

/**
 * Checks a numeric option of a backend and returns it.
 *
 * @param owner - The function the option was given to.
 * @param name - The option.
 * @param value - What came.
 * @param range - What was wanted.
 * @throws TypeError when it is no number or outside of its range, naming the option, what was wanted and what came.
 *
 * @example
 * ```ts
 * const sliceMs = expectNumber('createMyBackend', 'sliceMs', options.sliceMs ?? 4, {
 *   wanted: 'a number of milliseconds from 1',
 *   from: 1,
 * });
 * ```
 */
export function expectNumber(
  owner: string,
  name: string,
  value: unknown,
  range: NumberRange,
): number {
  const { wanted, from, to = Number.MAX_VALUE } = range;
  if (typeof value === 'number' && value >= from && value <= to) return value;
  throw new TypeError(`${owner}: option "${name}" must be ${wanted}, got ${show(value)}`);
}
