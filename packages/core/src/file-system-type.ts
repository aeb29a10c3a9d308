/** What a kind of file system implies for watching it. */
export interface FileSystemTraits {
  /** Whether a machine other than this kernel may write there. */
  readonly shared: boolean | 'unknown';
  /** Whether names that differ only in case are different names. */
  readonly caseSensitive: boolean | 'unknown';
}

/** Local file systems whose names are case-sensitive unless a directory was made otherwise on purpose. */
const local = new Set(
  (
    'ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs reiserfs nilfs2 ubifs jffs2 tmpfs ramfs rootfs ' +
    'devtmpfs overlay overlayfs aufs squashfs erofs cramfs ecryptfs proc sysfs cgroup cgroup2 ' +
    'configfs debugfs tracefs securityfs devpts mqueue hugetlbfs ufs ' +
    'fuse.fuse-overlayfs fuse.lxcfs fuse.gocryptfs fuse.encfs fuse.bindfs fuse.mergerfs'
  ).split(' '),
);

/** Local file systems that fold case, or may. */
const localFolding = new Set(
  'vfat msdos exfat ntfs ntfs3 fuseblk apfs hfs hfsplus iso9660 udf'.split(' '),
);

/** File systems on which another host, a hypervisor or a user-space server also writes. */
const remote = new Set(
  (
    'nfs nfs3 nfs4 cifs smb smb2 smb3 smbfs 9p v9fs virtiofs vboxsf vmhgfs prl_fs drvfs wslfs afs ' +
    'afpfs webdav ncpfs coda ceph glusterfs lustre gpfs ocfs2 gfs2 beegfs orangefs pvfs2 sshfs ' +
    'davfs davfs2 acfs'
  ).split(' '),
);

/** Remote file systems whose servers are case-sensitive as a rule. */
const remoteSensitive = new Set(
  'nfs nfs3 nfs4 ceph glusterfs lustre gpfs ocfs2 gfs2 beegfs'.split(' '),
);

/** Looks a file system type up, as the kernel names it in `/proc/self/mountinfo`. */
export function fileSystemTraits(fsType: string): FileSystemTraits {
  if (local.has(fsType)) return { shared: false, caseSensitive: true };
  if (localFolding.has(fsType)) return { shared: false, caseSensitive: 'unknown' };
  if (remote.has(fsType)) {
    return { shared: true, caseSensitive: remoteSensitive.has(fsType) ? true : 'unknown' };
  }
  // Whatever a user-space server shows (sshfs, rclone, Docker Desktop's osxfs) it may change on its own.
  if (fsType === 'fuse' || fsType.startsWith('fuse.')) {
    return { shared: true, caseSensitive: 'unknown' };
  }
  return { shared: 'unknown', caseSensitive: 'unknown' };
}

/** Magic numbers of statfs(2) on Linux, for systems whose mount table cannot be read. */
const linuxMagic: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x01021994: 'tmpfs',
  0x2fc12fc1: 'zfs',
  0xf2f52010: 'f2fs',
  0x794c7630: 'overlay',
  0x858458f6: 'ramfs',
  0x6969: 'nfs',
  0xff534d42: 'cifs',
  0xfe534d42: 'smb3',
  0x517b: 'smb',
  0x01021997: '9p',
  0x65735546: 'fuse',
  0x6a656a63: 'virtiofs',
  0x786f4256: 'vboxsf',
  0x00c36400: 'ceph',
  0x4d44: 'msdos',
  0x2011bab0: 'exfat',
  0x5346544e: 'ntfs',
  0x7366746e: 'ntfs3',
  0x9fa0: 'proc',
  0x62656572: 'sysfs',
};

/** Numbers that statfs(2) of macOS gives the file systems a Mac starts from. */
const darwinMagic: Readonly<Record<number, string>> = { 0x11: 'hfs', 0x1a: 'apfs' };

/** Names the file system from the `type` number of statfs, or `unknown`. */
export function fileSystemName(platform: NodeJS.Platform, magic: number): string {
  // Some kernels report the number as a signed 32-bit integer.
  const unsigned = magic >>> 0;
  if (platform === 'linux') return linuxMagic[unsigned] ?? 'unknown';
  if (platform === 'darwin') return darwinMagic[unsigned] ?? 'unknown';
  return 'unknown';
}
