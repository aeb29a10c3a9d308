import { describe, expect, it } from 'vitest';
import { fileSystemName, fileSystemTraits } from '../src/file-system-type.ts';

describe('fileSystemTraits', () => {
  it.each([
    'ext4',
    'xfs',
    'btrfs',
    'tmpfs',
    'overlay',
    'zfs',
    'fuse.fuse-overlayfs',
    'apfs',
    'fuseblk',
  ])('calls %s local', (fsType) => {
    expect(fileSystemTraits(fsType).shared).toBe(false);
  });

  it.each([
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    '9p',
    'fuse',
    'fuse.sshfs',
    'fuse.osxfs',
    'virtiofs',
    'vboxsf',
    'prl_fs',
    'drvfs',
  ])('calls %s shared', (fsType) => {
    expect(fileSystemTraits(fsType).shared).toBe(true);
  });

  it('admits not to know a file system', () => {
    expect(fileSystemTraits('novelfs')).toEqual({ shared: 'unknown', caseSensitive: 'unknown' });
  });

  it.each([
    ['ext4', true],
    ['nfs4', true],
    ['vfat', 'unknown'],
    ['apfs', 'unknown'],
    ['cifs', 'unknown'],
  ] as const)('says of names in %s that case matters: %s', (fsType, caseSensitive) => {
    expect(fileSystemTraits(fsType).caseSensitive).toBe(caseSensitive);
  });
});

describe('fileSystemName', () => {
  it.each([
    ['linux', 0xef53, 'ext4'],
    ['linux', 0x6969, 'nfs'],
    ['linux', 0xff534d42 | 0, 'cifs'],
    ['darwin', 0x1a, 'apfs'],
    ['win32', 0, 'unknown'],
    ['linux', 1, 'unknown'],
  ] as const)('names type %s %i: %s', (platform, magic, name) => {
    expect(fileSystemName(platform, magic)).toBe(name);
  });
});
