import { describe, expect, it } from 'vitest';

import { isTailError, TailError } from '../src/errors.ts';

describe('TailError', () => {
  it('carries its facts, and the remedy in the message', () => {
    const cause = new Error('underneath');
    const error = new TailError('The file cannot be read', {
      code: 'READ_ERROR',
      path: 'a.log',
      remedy: 'allow it',
      cause,
    });
    expect(error).toMatchObject({
      name: 'TailError',
      code: 'READ_ERROR',
      path: 'a.log',
      generation: 0,
      terminal: false,
      remedy: 'allow it',
      message: 'The file cannot be read; allow it',
      cause,
    });
    expect(error.range).toBeUndefined();
  });

  it('is recognised, also when another copy of the package made it', () => {
    const foreign = Object.defineProperty(
      new Error('x'),
      Symbol.for('@watchkeeper/tailer/TailError'),
      { value: true },
    );
    expect(isTailError(new TailError('x', { code: 'WATCH_ERROR', path: 'a' }))).toBe(true);
    expect(isTailError(foreign)).toBe(true);
    expect([new Error('x'), null, 'READ_ERROR', undefined].map(isTailError)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
