import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { statMtime } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

describe('statMtime', () => {
  it('gives nanoseconds, and 0n for what cannot be stat’d', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-mtime-'));
    const path = join(directory, 'file');
    await writeFile(path, 'x');
    expect(statMtime(path)).toBe((await stat(path, { bigint: true })).mtimeNs);
    expect(statMtime(path)).toBeGreaterThan(10n ** 18n);
    await rm(directory, { recursive: true });
    expect(statMtime(path)).toBe(0n);
    expect(statMtime(join(path, 'below'))).toBe(0n);
    expect(statMtime('\0')).toBe(0n);
  });
});
