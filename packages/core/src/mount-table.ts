/** One mounted file system. */
export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** Its type, as the kernel names it. */
  readonly fsType: string;
}

/** Spaces, tabs, newlines and backslashes are written in octal (proc_pid_mountinfo(5)). */
function unescape(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Reads the text of `/proc/self/mountinfo`; lines it cannot read are left out. */
export function parseMountInfo(text: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const point = fields[4];
    // Optional fields stand between the mount options and a lone hyphen.
    const fsType = fields[fields.indexOf('-', 6) + 1];
    if (point === undefined || fsType === undefined || !fields.includes('-', 6)) continue;
    mounts.push({ point: unescape(point), fsType });
  }
  return mounts;
}

/** The mount that shows a path: the longest mount point above it; of equals the last, which hides the others. */
export function findMount(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { point } = mount;
    const above =
      point === '/' ||
      (path.startsWith(point) && (path.length === point.length || path[point.length] === '/'));
    if (above && (found === undefined || point.length >= found.point.length)) found = mount;
  }
  return found;
}
