import { describe, expect, it } from 'vitest';
import { countInotifyUsage } from '../../src/doctor/inotify-usage.ts';
import { reportLimits } from '../../src/doctor/limit-report.ts';
import { thisMachine } from '../../src/doctor/machine-reader.ts';
import { fakeMachine } from './support/facts.ts';

const limits = {
  '/proc/sys/fs/inotify/max_user_watches': '1000\n',
  '/proc/sys/fs/inotify/max_user_instances': '128\n',
  '/proc/sys/fs/inotify/max_queued_events': '16384\n',
};

describe('countInotifyUsage', () => {
  it('adds up the watches of one user, and says what it may not read', () => {
    const reader = fakeMachine({
      '/proc/100/fd/3': '-> anon_inode:inotify',
      '/proc/100/fd/4': '-> socket:[1]',
      '/proc/100/fdinfo/3': 'pos:\t0\ninotify wd:1 ino:1\ninotify wd:2 ino:2\n',
      '/proc/101/fd': null,
      '/proc/103/fd/1': null,
      '/proc/102/fd/9': '-> anon_inode:inotify',
      '/proc/102/fdinfo/9': 'pos:\t0\ninotify wd:1 ino:1\n',
      '/proc/900/fd/3': '-> anon_inode:inotify',
      '/proc/900/fdinfo/3': 'inotify wd:1 ino:1\n',
      '/proc/self/fd/3': '-> anon_inode:inotify',
    });
    expect(countInotifyUsage(reader, 7)).toEqual({
      watches: 3,
      instances: 2,
      processes: 2,
      unreadable: 2,
    });
  });

  it('knows nothing without /proc', () => {
    expect(countInotifyUsage(fakeMachine({}), 7)).toBeNull();
  });
});

describe('reportLimits', () => {
  it('knows no inotify where there is none', () => {
    expect(reportLimits(fakeMachine({})).inotify).toBeNull();
  });

  it.each<[namespace: string, max: number, setBy: string]>([
    ['2147483647\n', 1000, 'fs.inotify'],
    ['40\n', 40, 'user'],
    ['garbage', 1000, 'fs.inotify'],
  ])('takes the smaller of the limits when the namespace has %j', (text, max, setBy) => {
    const reader = fakeMachine({ ...limits, '/proc/sys/user/max_inotify_watches': text });
    expect(reportLimits(reader).inotify).toMatchObject({
      watches: { max, setBy },
      instances: { max: 128, setBy: 'fs.inotify' },
      queueLength: 16_384,
    });
  });

  it('reads the limits of open files of this process', ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no such limit');
    const { openFiles } = reportLimits(thisMachine);
    expect(openFiles?.used).toBeGreaterThan(2);
    expect(openFiles?.soft ?? Number.POSITIVE_INFINITY).toBeGreaterThan(openFiles?.used ?? 0);
  });
});
