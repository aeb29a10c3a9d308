import { describe, expect, it } from 'vitest';
import { raiseInotify } from '../../src/backend-kit/kernel-limit.ts';

/** A system where these files can be read, and no others. */
function system(files: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  };
}

const machine = '/proc/sys/fs/inotify/max_user_watches';
const namespace = '/proc/sys/user/max_inotify_watches';

describe('the remedy for a limit of inotify', () => {
  it.each([
    [
      'the machine holds the only one',
      { [machine]: '8192\n' },
      'raise fs.inotify.max_user_watches (now 8192), for example: sysctl -w fs.inotify.max_user_watches=524288',
    ],
    [
      'the user namespace has the same',
      { [machine]: '524288\n', [namespace]: '524288\n' },
      'raise fs.inotify.max_user_watches (now 524288), for example: sysctl -w fs.inotify.max_user_watches=1048576',
    ],
    [
      'the user namespace has a lower one',
      { [machine]: '524288\n', [namespace]: '100\n' },
      'raise the limit of this user namespace (now 100), for example: echo 524288 > /proc/sys/user/max_inotify_watches',
    ],
    [
      'nothing can be read',
      {},
      'raise fs.inotify.max_user_watches, for example: sysctl -w fs.inotify.max_user_watches=524288',
    ],
  ])('names the one that holds where %s', (_, files, remedy) => {
    expect(raiseInotify('watches', 524_288, system(files))).toBe(remedy);
  });
});
