import { systemClock } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';

import { resolveOptions } from '../src/options.ts';
import type { TailOptions } from '../src/tail.ts';

describe('resolveOptions', () => {
  it('fills in the defaults', () => {
    expect(resolveOptions({})).toEqual({
      from: 'end',
      parse: null,
      debounceMs: 100,
      maxWaitMs: 500,
      maxLineBytes: 32 * 1024 * 1024,
      readChunkBytes: 256 * 1024,
      heartbeatMs: 1000,
      clock: systemClock,
    });
  });

  it.each<[TailOptions<string>, string]>([
    [{ debounceMs: -1 }, 'debounceMs must be a number from 0 to 2147483647, got -1'],
    [{ maxWaitMs: Number.NaN }, 'maxWaitMs must be a number from 0 to 2147483647, got NaN'],
    [{ heartbeatMs: 0 }, 'heartbeatMs must be a number from 1'],
    [{ heartbeatMs: Infinity }, 'heartbeatMs must be a number from 1'],
    [{ maxLineBytes: 0.5 }, 'maxLineBytes must be a whole number from 1'],
    [{ maxLineBytes: 2 ** 30 }, 'maxLineBytes must be a whole number from 1'],
    [{ readChunkBytes: 0 }, 'readChunkBytes must be a whole number from 1'],
    [
      JSON.parse('{"onBatch":"x"}') as TailOptions<string>,
      'onBatch must be a function, got string',
    ],
    [JSON.parse('{"parse":1}') as TailOptions<string>, 'parse must be a function, got number'],
    [JSON.parse('{"debounceMs":"5"}') as TailOptions<string>, 'debounceMs must be a number'],
    [
      JSON.parse('{"from":"middle"}') as TailOptions<string>,
      "from must be 'end', 'start' or a cursor",
    ],
  ])('refuses %o', (options, message) => {
    expect(() => resolveOptions(options)).toThrow(TypeError);
    expect(() => resolveOptions(options)).toThrow(message);
  });
});
