import type { EntryStat } from '../../src/entry.ts';

/** A stat with some fields of interest. */
export function stat(fields: Partial<EntryStat> = {}): EntryStat {
  return {
    type: 'file',
    size: 1n,
    mtimeNs: 10n,
    ctimeNs: 10n,
    birthtimeNs: 5n,
    dev: 1n,
    ino: 7n,
    mode: 0o100644,
    nlink: 1n,
    ...fields,
  };
}
