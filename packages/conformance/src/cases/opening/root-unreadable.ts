import { chmodSync } from 'node:fs';
import type { ConformanceCase } from '../../conformance-case.ts';

/** A root that may not be read is refused. */
export const rootUnreadable: ConformanceCase = {
  name: 'root-unreadable',
  title: 'opening a directory without read permission is refused with ERR_WATCH_PERMISSION',
  applies: (bench) => {
    if (process.platform === 'win32') return 'Windows has no permission bits';
    if (process.getuid?.() === 0) return 'the superuser may read everything';
    // A look needs no permission on the directory itself: what polling by name asks for still works.
    return bench.capabilities.delivery === 'push' || 'a poll notes it and goes on';
  },
  run: (bench) => {
    const root = bench.workspace.makeDirectory(bench.workspace.at('locked'));
    chmodSync(root, 0o000);
    return bench.expectRefusal({ root }, 'ERR_WATCH_PERMISSION');
  },
};
