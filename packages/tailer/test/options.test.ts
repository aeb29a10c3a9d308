import { systemClock } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';

import { requirePath, resolveOptions } from '../src/options.ts';
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
      watcher: null,
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
  ])('refuses %o', (options, message) => {
    expect(() => resolveOptions(options)).toThrow(TypeError);
    expect(() => resolveOptions(options)).toThrow(message);
  });

  it.each<[unknown, string]>([
    [null, 'options must be an object, got null'],
    ['start', "options must be an object, got 'start'"],
    [[], 'options must be an object, got []'],
    [{ onBatch: 'x' }, "onBatch must be a function, got 'x'"],
    [{ onError: null }, 'onError must be a function, got null'],
    [{ parse: 1 }, 'parse must be a function, got 1'],
    [{ debounceMs: '5' }, "debounceMs must be a number from 0 to 2147483647, got '5'"],
    [{ debounceMs: null }, 'debounceMs must be a number from 0 to 2147483647, got null'],
    [{ maxLineBytes: 5n }, 'got 5n'],
    [{ from: 'middle' }, "from must be 'end', 'start' or a cursor, got 'middle'"],
    [{ from: 5n }, "from must be 'end', 'start' or a cursor, got 5n"],
    [{ from: null }, "from must be 'end', 'start' or a cursor, got null"],
    [{ from: { v: 2n } }, 'from.v must be version 1, got 2n'],
    [{ signal: 5 }, 'signal must be an AbortSignal, got 5'],
    [{ signal: {} }, 'signal must be an AbortSignal, got {}'],
    [{ clock: 5 }, 'clock must be a Clock, got 5'],
    [{ clock: { now: () => 0 } }, 'clock must be a Clock, got { now: [Function: now] }'],
    [{ watcher: 5 }, 'watcher must be a PathWatcher, got 5'],
    [{ watcher: null }, 'watcher must be a PathWatcher, got null'],
    [{ frm: 'start' }, 'frm must be left out: it is none of the options from, parse, debounceMs'],
    [{ frm: undefined }, 'frm must be left out'],
    [{ toString: 1 }, 'toString must be left out'],
  ])('refuses %o, which the compiler would', (options, message) => {
    const given = options as TailOptions<string>;
    expect(() => resolveOptions(given)).toThrow(TypeError);
    expect(() => resolveOptions(given)).toThrow(message);
  });

  it('does not repeat the whole of what came', () => {
    const given = { from: 'x'.repeat(100_000) } as never;
    expect(() => resolveOptions(given)).toThrow(/^.{1,300}$/);
  });

  it.each([5n, '', 'a\0b', null])('refuses %o as a path', (path) => {
    expect(() => requirePath(path)).toThrow(TypeError);
    expect(() => requirePath(path)).toThrow('path must be a non-empty string without a null byte');
  });
});
