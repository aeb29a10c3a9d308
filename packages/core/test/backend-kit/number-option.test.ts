import { expect, it } from 'vitest';
import { expectNumber } from '../../src/backend-kit/number-option.ts';

const range = { wanted: 'a number from 1 to 9', from: 1, to: 9 };

it('returns a number in its range', () => {
  expect([1, 5.5, 9].map((value) => expectNumber('make', 'n', value, range))).toEqual([1, 5.5, 9]);
});

it.each([
  [0, '0'],
  [10, '10'],
  [Number.NaN, 'NaN'],
  ['5', '"5"'],
  [null, 'null'],
])('refuses %j, naming the option, what was wanted and what came', (value, came) => {
  const message = `make: option "n" must be a number from 1 to 9, got ${came}`;
  expect(() => expectNumber('make', 'n', value, range)).toThrow(new TypeError(message));
});

it('has no largest number by default, but infinity is none', () => {
  const open = { wanted: 'a number', from: 0 };
  expect(expectNumber('make', 'n', Number.MAX_VALUE, open)).toBe(Number.MAX_VALUE);
  expect(() => expectNumber('make', 'n', Infinity, open)).toThrow(TypeError);
});
