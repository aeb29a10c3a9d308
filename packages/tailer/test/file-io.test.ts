import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { detectPlace } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';

import { nodeFileIo } from '../src/file-io.ts';
import { tempFile } from './support/temp-dir.ts';

describe('whether another machine may write to a file', () => {
  it('is judged as core judges its place, also through a link', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    symlinkSync(path, `${path}.link`);
    const { shared } = await detectPlace(dirname(path));
    expect(nodeFileIo.isRemote(path)).toBe(shared !== false);
    expect(nodeFileIo.isRemote(`${path}.link`)).toBe(shared !== false);
  });

  it('is of no interest once the file is gone', () => {
    expect(nodeFileIo.isRemote(tempFile())).toBe(false);
  });
});
