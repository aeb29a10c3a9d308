import { expect, it } from 'vitest';
import { BackendErrors } from '../../src/backend-kit/backend-errors.ts';
import { isRefused, withSafeIgnores } from '../../src/backend-kit/ignores.ts';
import type { WatchError } from '../../src/errors.ts';
import { createOpenRequest } from '../../src/testing/open-request.ts';

it('takes a path for wanted when the function throws, and tells it once', () => {
  const told: WatchError[] = [];
  const ignores = (relative: string): boolean => {
    if (relative.startsWith('bad')) throw new Error('from ignores');
    return relative === 'skipped';
  };
  const request = createOpenRequest('/w', { ignores });
  const safe = withSafeIgnores(request, new BackendErrors('kit'), (error) => told.push(error));
  expect(['skipped', 'kept', 'bad', 'bad too'].map((name) => safe.ignores(name, 'file'))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(told).toMatchObject([
    { code: 'ERR_WATCH_LISTENER', effect: 'noted', backend: 'kit', paths: ['/w'] },
  ]);
});

it.each([
  ['a/b/c', 'a/b/c', ['a directory', 'a/b directory', 'a/b/c file']],
  ['a/b/c', 'a', ['a directory']],
  ['a', 'other', ['a file']],
  ['', 'other', []],
])('asks about %j from the top, until %j is refused', (relative, refused, asked) => {
  const questions: string[] = [];
  const answer = isRefused(
    (path, type) => {
      questions.push(`${path} ${type}`);
      return path === refused;
    },
    relative,
    'file',
  );
  expect([answer, questions]).toEqual([refused !== 'other', asked]);
});
