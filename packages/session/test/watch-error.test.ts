import { TailError } from '@watchkeeper/tailer';
import { describe, expect, it } from 'vitest';

import { watchErrorOf } from '../src/watch-error.ts';

function callbackError(thrown: unknown): TailError {
  return new TailError('onBatch failed; its batch counts as delivered', {
    code: 'CALLBACK_ERROR',
    path: '/s.jsonl',
    cause: thrown,
    remedy: 'handle errors inside onBatch',
  });
}

describe('an onMessages that fails', () => {
  it.each([
    ['an Error', new RangeError('full'), 'full'],
    ['a string', 'full', "'full'"],
    ['an object', { reason: 'full' }, "{ reason: 'full' }"],
    ['an object without a prototype', Object.create(null), '[Object: null prototype] {}'],
    ['nothing', undefined, 'undefined'],
  ])('with %s is told as one sentence about onMessages', (_name, thrown, words) => {
    const error = watchErrorOf('s', callbackError(thrown));
    expect(error).toMatchObject({ sessionId: 's', code: 'PARSE_ERROR' });
    expect(error.message).toContain(`onMessages failed: ${words}; its batch counts as delivered`);
    expect(error.message).not.toContain('onBatch');
    expect(error.cause).toBe(thrown instanceof Error ? thrown : undefined);
  });
});
