import { describe, expect, it } from 'vitest';

import { toStoreError } from '../src/sqlite-error.ts';

/** An error as `node:sqlite` throws it. */
function sqliteError(errcode: number): Error {
  return Object.assign(new Error('sqlite'), { code: 'ERR_SQLITE_ERROR', errcode });
}

describe('an error of the database', () => {
  it.each([
    ['full while writing', 13, 'use', 'ERR_STORE_FULL', true, /once there is room$/],
    ['full while opening', 13, 'open', 'ERR_STORE_FULL', true, /then start again$/],
    ['locked', 5, 'use', 'ERR_STORE_BUSY', true, /wait for the other writer/],
    ['an I/O error, by its extended code', 10 + 256 * 3, 'use', 'ERR_STORE_IO', true, /disk/],
    ['a broken constraint', 19, 'use', 'ERR_STORE_IO', false, /cause/],
    ['damaged', 11, 'use', 'ERR_STORE_CORRUPT', false, /move the file away/],
  ] as const)(
    'tells what helps and whether it may pass: %s',
    (_, errcode, during, code, retryable, remedy) => {
      const cause = sqliteError(errcode);
      expect(toStoreError(cause, '/x.db', during)).toMatchObject({
        code,
        retryable,
        remedy: expect.stringMatching(remedy),
        cause,
      });
    },
  );

  it('stays as it is when it is none of the database', () => {
    const error = new Error('other');
    expect(toStoreError(error, '/x.db')).toBe(error);
  });
});
