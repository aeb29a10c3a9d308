/**
 * Made up by the kernel at each read: nothing writes there, so no event is ever sent, and sizes and
 * times say nothing about the content.
 */
const VIRTUAL: ReadonlySet<string> = new Set([
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
]);

/** Whether neither events nor looking can tell of changes in a file system of this type. */
export function isVirtual(fsType: string): boolean {
  return VIRTUAL.has(fsType);
}
