import { createChokidarBackend } from '@watchkeeper/backend-chokidar';
import { createFsBackend } from '@watchkeeper/backend-fs';
import { createNativeBackend } from '@watchkeeper/backend-native';
import { createPollBackend } from '@watchkeeper/backend-poll';
import { describe, expect, it } from 'vitest';
import { isInRange, rangesOf, type OPTION_RANGES } from '../src/option-ranges.ts';

const factories: Readonly<Record<keyof typeof OPTION_RANGES, (options: object) => object>> = {
  fs: createFsBackend,
  poll: createPollBackend,
  chokidar: createChokidarBackend,
  native: createNativeBackend,
};

/** Numbers on both sides of every limit there is, and what is no usable number. */
const VALUES: readonly unknown[] = [
  ...[-1, 0, Number.MIN_VALUE, 0.5, 0.99, 1, 1.01, 9.99, 10, 49.99, 50, 4000, Number.MAX_VALUE],
  ...[Number.NaN, Infinity, '50', null, true, {}],
];

const options = Object.entries(factories).flatMap(([name, create]) =>
  Object.entries(rangesOf(name) ?? {}).map(([key, range]) => ({ name, key, range, create })),
);

function accepts(create: (options: object) => object, key: string, value: unknown): boolean {
  try {
    create({ [key]: value });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

describe('the ranges of options', () => {
  it.each(options)('agree with the backend $name about $key', ({ key, range, create }) => {
    const judged = VALUES.map((value) => [value, isInRange(value, range)]);
    expect(judged).toEqual(VALUES.map((value) => [value, accepts(create, key, value)]));
  });

  it.each(Object.entries(factories))('know every option of the backend %s', (name, create) => {
    const known = Object.keys(rangesOf(name) ?? {}).join(', ');
    expect(() => create({ zz: 1 })).toThrow(TypeError);
    expect(() => create({ zz: 1 })).toThrow(`must be among ${known}, got "zz"`);
  });

  it('are not kept for a module of somebody else', () => {
    expect(rangesOf('@acme/backend')).toBe(null);
    expect(rangesOf('toString')).toBe(null);
  });
});
