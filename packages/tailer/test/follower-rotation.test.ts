import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ROTATE_WAIT_MS } from '../src/displacement.ts';
import { expectDescriptors } from './support/open-descriptors.ts';
import { recordFollower } from './support/recorded-follower.ts';
import { tempFile } from './support/temp-dir.ts';

describe('a file that is rotated, replaced or removed', () => {
  it('is read to its end before the new one', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, lines, restarts } = recordFollower(path);
    wake();
    appendFileSync(path, 'b\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    expect(wake()).toEqual(['b', 'c']);
    expect(lines.map((line) => line.generation)).toEqual([0, 0, 1]);
    expect(restarts).toEqual(['replaced']);
  });

  it('is read on while its writer has not yet gone over to the new one', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, restarts } = recordFollower(path);
    wake();
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    appendFileSync(`${path}.1`, 'b\n');
    expect(wake()).toEqual(['b']);
    appendFileSync(`${path}.1`, 'c\n');
    appendFileSync(path, 'd\n');
    expect(wake()).toEqual(['c', 'd']);
    expect(restarts).toEqual(['replaced']);
  });

  it('is given up for an empty new one when it did not grow for a while', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, restarts, clock } = recordFollower(path);
    wake();
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    wake();
    expect(restarts).toEqual([]);
    await clock.advance(ROTATE_WAIT_MS);
    wake();
    expect(restarts).toEqual(['replaced']);
  });

  it('is told apart from a new file of the same size', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const { wake } = recordFollower(path);
    wake();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\nd\n');
    expect(wake()).toEqual(['c', 'd']);
  });

  it('is told apart from a new file that got its inode', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const { wake, follower, restarts } = recordFollower(path);
    wake();
    follower.park();
    const before = statSync(path, { bigint: true });
    unlinkSync(path);
    writeFileSync(path, 'a\nb\n');
    const after = statSync(path, { bigint: true });
    expect(wake()).toEqual(['a', 'b']);
    expect(restarts).toEqual(['replaced']);
    expect(before.birthtimeNs).not.toBe(after.birthtimeNs);
  });

  it('reports an unfinished last line and never glues it to the new file', () => {
    const path = tempFile();
    writeFileSync(path, 'a\ntorn');
    const { wake, skipped } = recordFollower(path);
    wake();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'new\n');
    expect(wake()).toEqual(['new']);
    expect(skipped).toEqual([{ kind: 'unfinished', range: [2, 6] }]);
  });

  it('is read on after it was removed, until it was quiet for a while', async () => {
    const path = tempFile();
    const alias = `${path}.open`;
    writeFileSync(path, 'a\n');
    linkSync(path, alias);
    const { wake, clock, restarts } = recordFollower(path);
    wake();
    unlinkSync(path);
    appendFileSync(alias, 'b\n');
    expect(wake()).toEqual(['b']);
    await clock.advance(ROTATE_WAIT_MS - 1);
    appendFileSync(alias, 'c\n');
    expect(wake()).toEqual(['c']);
    await clock.advance(ROTATE_WAIT_MS);
    expect(wake()).toEqual([]);
    expectDescriptors(dirname(path), 0);
    writeFileSync(path, 'd\n');
    expect(wake()).toEqual(['d']);
    expect(restarts).toEqual(['replaced']);
  });

  it('goes on with the same file when it is moved away and back', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, restarts } = recordFollower(path);
    wake();
    renameSync(path, `${path}.1`);
    wake();
    renameSync(`${path}.1`, path);
    appendFileSync(path, 'b\n');
    expect(wake()).toEqual(['b']);
    expect(restarts).toEqual([]);
  });

  it('is replaced at once by an atomic save', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const { wake, restarts } = recordFollower(path);
    wake();
    writeFileSync(`${path}.tmp`, 'a\nb\nc\n');
    renameSync(`${path}.tmp`, path);
    expect(wake()).toEqual(['a', 'b', 'c']);
    expect(restarts).toEqual(['replaced']);
  });

  it('leads to the newest of many files that took the path one after the other', () => {
    const path = tempFile();
    writeFileSync(path, 'first\n');
    const { wake, follower } = recordFollower(path);
    wake();
    for (let index = 0; index < 200; index += 1) {
      writeFileSync(`${path}.tmp`, `file ${index}\n`);
      renameSync(`${path}.tmp`, path);
    }
    expect(wake()).toEqual(['file 199']);
    expectDescriptors(dirname(path), 1);
    follower.close();
    expectDescriptors(dirname(path), 0);
  });

  it('follows a symbolic link to its new target', () => {
    const path = tempFile('current.log');
    const directory = dirname(path);
    writeFileSync(join(directory, 'one'), 'a\n');
    writeFileSync(join(directory, 'two'), 'b\n');
    symlinkSync('one', path);
    const { wake, restarts } = recordFollower(path);
    expect(wake()).toEqual(['a']);
    symlinkSync('two', `${path}.new`);
    renameSync(`${path}.new`, path);
    expect(wake()).toEqual(['b']);
    expect(restarts).toEqual(['replaced']);
  });

  it('is found again in a directory that was renamed away and made anew', () => {
    const path = join(dirname(tempFile()), 'logs', 'app.log');
    mkdirSync(dirname(path));
    writeFileSync(path, 'a\n');
    const { wake } = recordFollower(path);
    wake();
    renameSync(dirname(path), `${dirname(path)}.old`);
    expect(wake()).toEqual([]);
    mkdirSync(dirname(path));
    writeFileSync(path, 'b\n');
    expect(wake()).toEqual(['b']);
  });

  it('is an error while the path leads to a directory, and read when it is a file again', () => {
    const path = tempFile();
    mkdirSync(path);
    const { wake } = recordFollower(path);
    expect(wake).toThrow('is not a regular file');
    rmSync(path, { recursive: true });
    writeFileSync(path, 'a\n');
    expect(wake()).toEqual(['a']);
  });
});
