/** Seeds of a run that nobody asked to be longer. */
export const DEFAULT_SEEDS = 300;

/**
 * The seeds to run: 1 to {@link DEFAULT_SEEDS}, or as many as `WATCHKEEPER_TEST_SEEDS` says, or the
 * one that `WATCHKEEPER_TEST_SEED` names, which is how a failure is run again.
 *
 * @param count - how many without these variables, a whole number above 0
 * @param environment - where the variables are
 * @throws TypeError when a variable or `count` is not a whole number in its range.
 *
 * @example
 * ```ts
 * testSeeds(3); // [1, 2, 3]
 * ```
 */
export function testSeeds(
  count: number = DEFAULT_SEEDS,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly number[] {
  const { WATCHKEEPER_TEST_SEED: one, WATCHKEEPER_TEST_SEEDS: many } = environment;
  if (one !== undefined) return [wholeNumber('WATCHKEEPER_TEST_SEED', one, 0)];
  const length =
    many === undefined
      ? wholeNumber('testSeeds: count', count, 1)
      : wholeNumber('WATCHKEEPER_TEST_SEEDS', many, 1);
  return Array.from({ length }, (_, index) => index + 1);
}

function wholeNumber(name: string, value: string | number, least: number): number {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new TypeError(`${name} must be a whole number from ${least}, got ${JSON.stringify(value)}`);
}
