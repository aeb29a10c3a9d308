import type { Place } from '@watchkeeper/core';

/** What `auto` means at one place. */
export interface PlaceOrder {
  /** Names of backends, most wanted first. */
  readonly names: readonly string[];
  /** Why, in words for an operator. */
  readonly because: string;
  /** Why event backends are not among them, where they are not. */
  readonly withoutEvents: string | null;
}

/** What a file system type says about who can write to it. */
type Kind = 'local' | 'remote' | 'virtual' | 'unknown';

/**
 * Types whose writers may sit on another machine, another hypervisor side or in a user-space server:
 * inotify tells only what passes this kernel (WSL issue 4739, docker/for-mac issue 7246, parcel
 * watcher issue 230).
 */
const REMOTE: readonly string[] = [
  'nfs',
  'nfs3',
  'nfs4',
  'cifs',
  'smb',
  'smb2',
  'smb3',
  'smbfs',
  'afpfs',
  'afs',
  'ncpfs',
  '9p',
  'drvfs',
  'v9fs',
  'virtiofs',
  'vboxsf',
  'vmhgfs',
  'prl_fs',
  'acfs',
  'osxfs',
  'fuse',
  'fuseblk',
  'osxfuse',
  'osxfusefs',
  'macfuse',
  'davfs',
  'davfs2',
  'webdav',
  'ceph',
  'glusterfs',
  'lustre',
  'gpfs',
  'beegfs',
  'gfs2',
  'ocfs2',
  'orangefs',
  'coda',
];

/** Disks and memory of this machine: every write passes the kernel that sends the events. */
const LOCAL: readonly string[] = [
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'bcachefs',
  'f2fs',
  'jfs',
  'reiserfs',
  'tmpfs',
  'ramfs',
  'devtmpfs',
  'rootfs',
  'overlay',
  'overlayfs',
  'aufs',
  'ecryptfs',
  'apfs',
  'hfs',
  'ufs',
  'ntfs',
  'ntfs3',
  'refs',
  'exfat',
  'vfat',
  'msdos',
  'fat32',
  'udf',
  'nilfs2',
  'ubifs',
  'jffs2',
  'squashfs',
  'erofs',
  'iso9660',
];

/** Made up by the kernel at each read: nothing writes there, so nothing is told. */
const VIRTUAL: readonly string[] = [
  'proc',
  'procfs',
  'sysfs',
  'cgroup',
  'cgroup2',
  'debugfs',
  'tracefs',
  'securityfs',
  'configfs',
  'bpf',
  'efivarfs',
  'pstore',
  'mqueue',
  'devpts',
];

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...REMOTE.map((type) => [type, 'remote'] as const),
  ...LOCAL.map((type) => [type, 'local'] as const),
  ...VIRTUAL.map((type) => [type, 'virtual'] as const),
]);

const EVENTS_FIRST = ['fs', 'poll'];
const POLL_ONLY = ['poll'];

/** Decides the backends of `auto` at a place. */
export function orderAt(place: Place): PlaceOrder {
  const { fsType, shared } = place;
  const kind = kindOf(fsType);
  if (kind === 'remote') return poll(`${fsType} does not tell what is written from its other side`);
  if (kind === 'virtual') {
    return poll(`${fsType} is made up by the kernel at each read and sends no events`);
  }
  if (kind === 'unknown') return orderOfUnknown(place);
  if (shared === true) return poll(`this ${fsType} is shared with another machine`);
  return events(`${fsType} is local: the kernel tells every change`);
}

/** A type nobody knows: what else is known of the place decides. */
function orderOfUnknown(place: Place): PlaceOrder {
  const type = place.fsType === 'unknown' ? 'the file system' : place.fsType;
  if (place.shared === true) return poll(`${type} is shared with another machine`);
  if (place.shared === false) return events(`${type} is local: the kernel tells every change`);
  // Here a network share has a path of its own form, so an unknown type is a disk of this machine.
  if (place.platform === 'win32' && !place.path.startsWith('\\\\')) {
    return events('the path is on a drive of this machine');
  }
  return poll(`nobody knows who else writes to ${type}`);
}

function kindOf(fsType: string): Kind {
  const type = fsType.toLowerCase();
  const known = KINDS.get(type);
  if (known !== undefined) return known;
  // "fuse.sshfs", "fuse.osxfs": the part after the dot only names the server.
  return type.startsWith('fuse.') ? 'remote' : 'unknown';
}

function events(because: string): PlaceOrder {
  return { names: EVENTS_FIRST, because, withoutEvents: null };
}

function poll(because: string): PlaceOrder {
  return { names: POLL_ONLY, because, withoutEvents: because };
}
