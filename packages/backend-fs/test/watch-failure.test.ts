import { describe, expect, it } from 'vitest';
import { isLimit, toWatchError } from '../src/watch-failure.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('failures of the system', () => {
  it.each([
    ['ENOENT', 'ERR_WATCH_NOT_FOUND', true],
    ['ENOTDIR', 'ERR_WATCH_NOT_DIRECTORY', false],
    ['EACCES', 'ERR_WATCH_PERMISSION', true],
    ['EPERM', 'ERR_WATCH_PERMISSION', true],
    ['ELOOP', 'ERR_WATCH_LOOP', false],
    ['ENOSPC', 'ERR_WATCH_LIMIT_WATCHES', true],
    ['EMFILE', 'ERR_WATCH_LIMIT_INSTANCES', true],
    ['ENFILE', 'ERR_WATCH_LIMIT_FILES', true],
    ['EIO', 'ERR_WATCH_IO', true],
  ])('%s becomes %s', (errno, code, retryable) => {
    const cause = systemError(errno);
    const error = toWatchError(cause, '/w/d');
    expect(error).toMatchObject({ code, retryable, paths: ['/w/d'], backend: 'fs', cause });
  });

  it('takes what has no code for an I/O failure', () => {
    expect(toWatchError('odd', '/w').code).toBe('ERR_WATCH_IO');
  });

  it('names the sysctl and its value now', ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    expect(toWatchError(systemError('ENOSPC'), '/w').remedy).toMatch(
      /fs\.inotify\.max_user_watches \(now \d+\), for example: sysctl -w fs\.inotify\.max_user_watches=\d+/,
    );
  });

  it('tells limits from other failures', () => {
    expect(isLimit('ERR_WATCH_LIMIT_FILES')).toBe(true);
    expect(isLimit('ERR_WATCH_PERMISSION')).toBe(false);
  });
});
