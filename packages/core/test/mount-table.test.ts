import { describe, expect, it } from 'vitest';
import { findMount, parseMountInfo } from '../src/mount-table.ts';

const text = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw
24 22 0:40 / /home rw,relatime shared:3 master:4 - nfs4 server:/home rw,vers=4.2
25 22 0:41 / /home/me/my\040disk rw - fuse.sshfs host:/x rw
26 22 0:42 / /mnt/c rw,noatime - 9p drvfs rw,aname=drvfs
27 22 0:43 / /srv rw - xfs /dev/sdb1 rw
28 27 0:44 / /srv rw - tmpfs tmpfs rw
broken line
29 22 0:45 / /nothing rw`;

describe('parseMountInfo', () => {
  it('reads mount points and types, whatever optional fields stand between', () => {
    expect(parseMountInfo(text)).toEqual([
      { point: '/', fsType: 'ext4' },
      { point: '/proc', fsType: 'proc' },
      { point: '/home', fsType: 'nfs4' },
      { point: '/home/me/my disk', fsType: 'fuse.sshfs' },
      { point: '/mnt/c', fsType: '9p' },
      { point: '/srv', fsType: 'xfs' },
      { point: '/srv', fsType: 'tmpfs' },
    ]);
  });
});

describe('findMount', () => {
  const mounts = parseMountInfo(text);

  it.each([
    ['/', 'ext4'],
    ['/var/log', 'ext4'],
    ['/home', 'nfs4'],
    ['/home/me', 'nfs4'],
    ['/homestead', 'ext4'],
    ['/home/me/my disk/a', 'fuse.sshfs'],
    ['/mnt/c/Users', '9p'],
    ['/mnt', 'ext4'],
  ])('finds the longest mount point above %s: %s', (path, fsType) => {
    expect(findMount(mounts, path)?.fsType).toBe(fsType);
  });

  it('takes the last of two mounts on one point, which hides the other', () => {
    expect(findMount(mounts, '/srv/data')?.fsType).toBe('tmpfs');
  });

  it('finds nothing in an empty table', () => {
    expect(findMount([], '/var')).toBeUndefined();
  });
});
