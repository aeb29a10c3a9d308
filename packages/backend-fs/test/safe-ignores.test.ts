import type { WatchError } from '@watchkeeper/core';
import { expect, it } from 'vitest';
import { withSafeIgnores } from '../src/safe-ignores.ts';
import { requestFor } from './request.ts';

it('takes a path for wanted when the function throws, and tells it once', () => {
  const told: WatchError[] = [];
  const ignores = (relative: string): boolean => {
    if (relative.startsWith('bad')) throw new Error('from ignores');
    return relative === 'skipped';
  };
  const safe = withSafeIgnores(requestFor('/w', { ignores }), (error) => told.push(error));
  expect(['skipped', 'kept', 'bad', 'bad too'].map((name) => safe.ignores(name, 'file'))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(told).toMatchObject([{ code: 'ERR_WATCH_BACKEND_FAILED', effect: 'noted' }]);
});
