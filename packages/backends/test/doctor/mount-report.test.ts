import { expect, it } from 'vitest';
import { reportMount } from '../../src/doctor/mount-report.ts';
import { fakeMachine } from './support/facts.ts';

const table = [
  '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
  String.raw`28 27 0:40 / /mnt/my\040data ro,nosuid shared:3 master:1 - nfs4 nas:/export/a\040b rw,acregmin=3`,
  '29 27 0:41 / /mnt ro - tmpfs first rw',
  '30 27 0:42 / /mnt rw - tmpfs second rw',
  'not a line of the table',
].join('\n');

it.each<[path: string, point: string, source: string, readOnly: boolean]>([
  ['/home/a', '/', '/dev/vda', false],
  ['/mnt/my data/x', '/mnt/my data', 'nas:/export/a b', true],
  ['/mnt/my datapath', '/mnt', 'second', false],
  ['/mnt', '/mnt', 'second', false],
  ['/mntx', '/', '/dev/vda', false],
])('shows %s through %s', (path, point, source, readOnly) => {
  const reader = fakeMachine({ '/proc/self/mountinfo': table });
  expect(reportMount(reader, path)).toMatchObject({ point, source, readOnly });
});

it('lists the options of the mount and of the file system once', () => {
  const reader = fakeMachine({ '/proc/self/mountinfo': table });
  expect(reportMount(reader, '/')?.options).toEqual(['rw', 'relatime', 'discard']);
});

it('knows nothing where there is no table', () => {
  expect(reportMount(fakeMachine({}), '/')).toBeNull();
});
