import { describe, expect, it } from 'vitest';
import { BackendErrors } from '../../src/backend-kit/backend-errors.ts';

const errors = new BackendErrors('kit');

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('failures of the system', () => {
  it.each([
    ['ENOENT', 'ERR_WATCH_NOT_FOUND', true, true],
    ['ENOTDIR', 'ERR_WATCH_NOT_DIRECTORY', false, false],
    ['EACCES', 'ERR_WATCH_PERMISSION', true, true],
    ['EPERM', 'ERR_WATCH_PERMISSION', true, true],
    ['ELOOP', 'ERR_WATCH_LOOP', false, true],
    ['ENFILE', 'ERR_WATCH_LIMIT_FILES', true, true],
    ['EIO', 'ERR_WATCH_IO', true, true],
  ])('%s becomes %s', (errno, code, canWatchLater, canReadLater) => {
    const cause = systemError(errno);
    const facts = { code, paths: ['/w/d'], backend: 'kit', cause };
    expect(errors.watching(cause, '/w/d')).toMatchObject({
      ...facts,
      effect: 'closed',
      retryable: canWatchLater,
    });
    expect(errors.reading(cause, '/w/d')).toMatchObject({
      ...facts,
      effect: 'partial',
      retryable: canReadLater,
    });
  });

  it.each([
    ['ENOSPC', 'ERR_WATCH_LIMIT_WATCHES', 'ERR_WATCH_IO'],
    ['EMFILE', 'ERR_WATCH_LIMIT_INSTANCES', 'ERR_WATCH_LIMIT_FILES'],
  ])('%s is a limit of inotify for a watch, not for a read', (errno, watching, reading) => {
    const cause = systemError(errno);
    expect(errors.watching(cause, '/w').code).toBe(watching);
    expect(errors.reading(cause, '/w').code).toBe(reading);
  });

  it('takes what has no code for an I/O failure, unless the caller knows the code', () => {
    expect(errors.watching('odd', '/w')).toMatchObject({
      code: 'ERR_WATCH_IO',
      message: expect.stringContaining('Cannot watch /w: odd') as string,
    });
    expect(errors.watching('odd', '/w', 'partial', 'EACCES').code).toBe('ERR_WATCH_PERMISSION');
  });

  it('names the sysctl and its value now', ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    expect(errors.watching(systemError('ENOSPC'), '/w').remedy).toMatch(
      /fs\.inotify\.max_user_watches \(now \d+\), for example: sysctl -w fs\.inotify\.max_user_watches=\d+/,
    );
  });
});

describe('failures that every backend meets', () => {
  it.each([
    [errors.missing('/w'), 'ERR_WATCH_NOT_FOUND', 'closed', true],
    [errors.notDirectory('/w'), 'ERR_WATCH_NOT_DIRECTORY', 'closed', false],
    [errors.rootGone('/w', 'removed'), 'ERR_WATCH_ROOT_GONE', 'closed', true],
    [errors.aborted('/w', new Error('enough')), 'ERR_WATCH_ABORTED', 'closed', false],
    [errors.closed('/w'), 'ERR_WATCH_CLOSED', 'closed', false],
    [errors.defect('/w', new Error('odd')), 'ERR_WATCH_BACKEND_FAILED', 'closed', true],
    [errors.ignoresThrew('/w', 'a', new Error('odd')), 'ERR_WATCH_LISTENER', 'noted', false],
  ])('%s', (error, code, effect, retryable) => {
    expect(error).toMatchObject({ code, effect, retryable, backend: 'kit', paths: ['/w'] });
  });

  it('coalesces nothing to nothing, and one to itself', () => {
    const only = errors.closed('/w');
    expect([errors.coalesce([]), errors.coalesce([only])]).toEqual([undefined, only]);
  });

  it('coalesces several to the gravest, with the paths of all and one remedy', () => {
    const refused = errors.reading(systemError('EACCES'), '/w/b');
    const noted = errors.ignoresThrew('/w', 'a', new Error('odd'));
    const one = errors.coalesce([noted, refused, noted]);
    expect(one).toMatchObject({
      code: 'ERR_WATCH_PERMISSION',
      effect: 'partial',
      retryable: true,
      paths: ['/w', '/w/b'],
      remedy: refused.remedy,
      cause: { errors: [noted, refused, noted] },
    });
    expect(one?.message).toBe(`3 problems at once, the first at /w/b; ${refused.remedy}`);
  });
});
