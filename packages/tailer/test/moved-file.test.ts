import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodeFileIo } from '../src/file-io.ts';
import { identityOf, type FileIdentity } from '../src/identity.ts';
import { findMovedFile } from '../src/moved-file.ts';
import { faultyIo, systemError } from './support/faulty-io.ts';
import { tempFile } from './support/temp-dir.ts';

function identityAt(path: string): FileIdentity {
  return identityOf(statSync(path, { bigint: true }));
}

describe('findMovedFile', () => {
  it.each(['app.log.1', 'app.log-20261121', 'elsewhere'])(
    'finds a file that is now called %s',
    (name) => {
      const path = tempFile('app.log');
      const target = join(dirname(path), name);
      mkdirSync(join(dirname(path), 'app.log.directory'));
      writeFileSync(`${path}.other`, '');
      writeFileSync(path, 'a\n');
      const identity = identityAt(path);
      renameSync(path, target);
      writeFileSync(path, 'b\n');
      expect(findMovedFile(nodeFileIo, path, identity)).toBe(target);
    },
  );

  it('finds nothing when the file is gone, or its directory cannot be listed', () => {
    const path = tempFile('app.log');
    writeFileSync(path, '');
    const identity = { ...identityAt(path), ino: 1n };
    expect(findMovedFile(nodeFileIo, path, identity)).toBeNull();
    const { io } = faultyIo({
      list: () => {
        throw systemError('EACCES');
      },
    });
    expect(findMovedFile(io, path, identity)).toBeNull();
  });

  it('passes over names that cannot be looked at', () => {
    const path = tempFile('app.log');
    writeFileSync(path, '');
    const identity = identityAt(path);
    writeFileSync(`${path}.0`, '');
    renameSync(path, `${path}.1`);
    const { io } = faultyIo({
      stat: (name) => {
        if (name.endsWith('.0')) throw systemError('EACCES');
        return nodeFileIo.stat(name);
      },
    });
    expect(findMovedFile(io, path, identity)).toBe(`${path}.1`);
  });
});
