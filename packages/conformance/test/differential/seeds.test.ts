import { expect, it } from 'vitest';
import { DEFAULT_SEEDS, testSeeds } from '../../src/index.ts';

it('counts from one', () => {
  expect(testSeeds(3, {})).toEqual([1, 2, 3]);
  expect(testSeeds(undefined, {})).toHaveLength(DEFAULT_SEEDS);
});

it('lets the environment ask for more, or for one', () => {
  expect(testSeeds(3, { WATCHKEEPER_TEST_SEEDS: '5000' })).toHaveLength(5000);
  expect(testSeeds(3, { WATCHKEEPER_TEST_SEED: '42', WATCHKEEPER_TEST_SEEDS: '5' })).toEqual([42]);
});

it.each([
  { WATCHKEEPER_TEST_SEEDS: 'many' },
  { WATCHKEEPER_TEST_SEEDS: '0' },
  { WATCHKEEPER_TEST_SEED: '1.5' },
  { WATCHKEEPER_TEST_SEED: '' },
])('refuses %o by name', (environment) => {
  const [name = ''] = Object.keys(environment);
  expect(() => testSeeds(3, environment)).toThrow(new RegExp(`^${name} must be a whole number`));
});
