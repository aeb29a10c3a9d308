import type { MachineReader } from './machine-reader.ts';

/** The mount that shows a path, Linux only. */
export interface MountReport {
  /** Where it is mounted. */
  readonly point: string;
  /** What is mounted there: a device, a server's export, or a name the file system gives itself. */
  readonly source: string;
  /** Whether nothing can be written through it. */
  readonly readOnly: boolean;
  /** Options of the mount and of the file system, such as `rw`, `noatime`, `acregmin=3`. */
  readonly options: readonly string[];
}

/** Finds the mount that shows a path in the text of `/proc/self/mountinfo`; `null` where there is none. */
export function reportMount(reader: MachineReader, path: string): MountReport | null {
  const text = reader.text('/proc/self/mountinfo');
  if (text === null) return null;
  let found: MountReport | null = null;
  for (const line of text.split('\n')) {
    const mount = parseMount(line);
    if (mount === null || !isAbove(mount.point, path)) continue;
    // Of two mounts on one point the later one hides the other.
    if (found === null || mount.point.length >= found.point.length) found = mount;
  }
  return found;
}

/** Reads one line of `proc_pid_mountinfo(5)`. */
function parseMount(line: string): MountReport | null {
  const fields = line.split(' ');
  const end = fields.indexOf('-', 6);
  const point = fields[4];
  const source = fields[end + 2];
  if (end === -1 || point === undefined || source === undefined) return null;
  const options = [...(fields[5] ?? '').split(','), ...(fields[end + 3] ?? '').split(',')];
  return {
    point: unescapeField(point),
    source: unescapeField(source),
    readOnly: options.includes('ro'),
    options: [...new Set(options.filter((option) => option !== ''))],
  };
}

/** The kernel writes spaces, tabs, newlines and backslashes in octal. */
function unescapeField(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function isAbove(point: string, path: string): boolean {
  return point === '/' || path === point || path.startsWith(`${point}/`);
}
