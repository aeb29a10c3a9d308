import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { fromCursor, toCursor } from '../src/cursor-codec.ts';
import { DescriptorPool } from '../src/descriptor-pool.ts';
import { nodeFileIo } from '../src/file-io.ts';
import { ROTATE_WAIT_MS, SHRINK_CONFIRM_MS } from '../src/follower.ts';
import { failTimes, faultyIo, systemError } from './support/faulty-io.ts';
import { canListDescriptors, openDescriptors } from './support/open-descriptors.ts';
import { recordFollower } from './support/recorded-follower.ts';
import { tempFile } from './support/temp-dir.ts';

/** Lines of one length that all end in the same 200 bytes, as records with constant last fields do. */
function records(prefix: string, count: number): string {
  const tail = '"cwd":"/home/user/project","version":"2.1.45"}'.padStart(200, '-');
  return Array.from({ length: count }, (_, index) => `${prefix}${index % 10}${tail}\n`).join('');
}

describe('where a follower starts', () => {
  it('at the start, with everything that is there', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    expect(recordFollower(path).wake()).toEqual(['a', 'b']);
  });

  it.each([
    ['a finished last line', 'a\nb\n', 4, ['new']],
    ['an unfinished last line', 'a\nb', 2, ['bnew']],
    ['only an unfinished line', 'abc', 0, ['abcnew']],
    ['nothing', '', 0, ['new']],
    [
      'a last line longer than one step backwards',
      `a\n${'x'.repeat(300_000)}`,
      2,
      [`${'x'.repeat(300_000)}new`],
    ],
  ])('at the end of a file with %s', (_title, content, offset, expected) => {
    const path = tempFile();
    writeFileSync(path, content);
    const { follower, wake } = recordFollower(path, { from: 'end' });
    expect(follower.checkpoint.offset).toBe(offset);
    expect(wake()).toEqual([]);
    appendFileSync(path, 'new\n');
    expect(wake()).toEqual(expected);
  });

  it('at byte 0 of a file that does not exist yet, also when it is asked for the end', () => {
    const path = tempFile();
    const { wake, restarts } = recordFollower(path, { from: 'end' });
    expect(wake()).toEqual([]);
    writeFileSync(path, 'a\nb\n');
    expect(wake()).toEqual(['a', 'b']);
    expect(restarts).toEqual([]);
  });

  it('at the size the file had, when it cannot be read at first', () => {
    const path = tempFile();
    writeFileSync(path, 'old\nunfini');
    const { io } = faultyIo({ open: failTimes(['EACCES'], nodeFileIo.open) });
    const recorded = recordFollower(path, { from: 'start', io });
    expect(() => recorded.follower.startAtEnd()).toThrow('EACCES');
    appendFileSync(path, 'shed\nnew\n');
    expect(recorded.wake()).toEqual(['unfinished', 'new']);
  });

  it('where a cursor stood, with nothing lost and nothing doubled', () => {
    const path = tempFile();
    const content = ['', 'a', 'bb', '', 'ccc', 'é🎉', 'd'].join('\n') + '\n';
    writeFileSync(path, content);
    const whole = recordFollower(path, { readChunkBytes: 1 });
    whole.wake();
    for (let count = 1; count <= content.length; count += 1) {
      const first = recordFollower(path, { readChunkBytes: 1 });
      for (let read = 0; read < count; read += 1) first.follower.step();
      const stored = JSON.parse(JSON.stringify(toCursor(first.follower.checkpoint))) as never;
      first.follower.close();
      const second = recordFollower(path, { from: fromCursor(stored) });
      second.wake();
      expect([...first.lines, ...second.lines]).toEqual(whole.lines);
      second.follower.close();
    }
  });

  it.each([
    ['is as it was', (path: string) => void path, [], []],
    ['grew', (path: string) => appendFileSync(path, 'c\n'), ['c'], []],
    ['became shorter', (path: string) => truncateSync(path, 2), ['a'], ['truncated']],
    [
      'was rewritten in place and grew',
      (path: string) => writeFileSync(path, 'A\nb\nc\n'),
      ['A', 'b', 'c'],
      ['rewritten'],
    ],
    [
      'was replaced',
      (path: string) => {
        rmSync(path);
        writeFileSync(path, 'n\nb\nc\n');
      },
      ['n', 'b', 'c'],
      ['replaced'],
    ],
  ])('where a cursor stood, in a file that %s meanwhile', (_title, change, expected, restarts) => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const first = recordFollower(path);
    first.wake();
    const { checkpoint } = first.follower;
    first.follower.close();
    change(path);
    const second = recordFollower(path, { from: fromCursor(toCursor(checkpoint)) });
    expect(second.wake()).toEqual(expected);
    expect(second.restarts).toEqual(restarts);
    expect(second.follower.checkpoint.generation).toBe(restarts.length);
  });

  it('finds a file that was rotated while nobody followed, and reads its rest first', () => {
    const path = tempFile('app.log');
    writeFileSync(path, 'a\n');
    const first = recordFollower(path);
    first.wake();
    const { checkpoint } = first.follower;
    first.follower.close();
    appendFileSync(path, 'b\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    const second = recordFollower(path, { from: fromCursor(toCursor(checkpoint)) });
    expect(second.wake()).toEqual(['b', 'c']);
    expect(second.lines.map((line) => line.generation)).toEqual([0, 1]);
    expect(second.restarts).toEqual(['replaced']);
  });
});

describe('a file that is cut or rewritten in place', () => {
  it.each([
    ['to nothing, then less', 'x\n', 'truncated'],
    ['to nothing, then the same size', 'xxx\nyyy\n', 'rewritten'],
    ['to nothing, then more', 'xxx\nyyy\nzzz\n', 'rewritten'],
  ])('is read again when it was cut %s', (_title, content, reason) => {
    const path = tempFile();
    writeFileSync(path, 'aaa\nbbb\n');
    const { wake, restarts, lines } = recordFollower(path);
    wake();
    writeFileSync(path, content);
    expect(wake()).toEqual(content.trim().split('\n'));
    expect(restarts).toEqual([reason]);
    expect(lines.at(-1)).toMatchObject({ generation: 1, end: content.length });
    expect(lines.find((line) => line.generation === 1)).toMatchObject({ lineIndex: 0, start: 0 });
  });

  it('starts a new generation as soon as it is found empty', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, follower, restarts } = recordFollower(path);
    wake();
    truncateSync(path);
    wake();
    expect(restarts).toEqual(['truncated']);
    expect(follower.checkpoint).toMatchObject({ generation: 1, offset: 0, lineIndex: 0 });
  });

  it('is read again when lines of equal length with constant last fields took the place of others, also with the same head', () => {
    const path = tempFile();
    const header = records('h', 10);
    writeFileSync(path, header + records('a', 10));
    const { wake, restarts } = recordFollower(path);
    wake();
    writeFileSync(path, header + records('b', 20));
    expect(wake()).toHaveLength(30);
    expect(restarts).toEqual(['rewritten']);
  });

  it('is read again when its last line was taken back and others were appended beyond the offset', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\nlast\n');
    const { wake, restarts } = recordFollower(path);
    wake();
    truncateSync(path, 4);
    appendFileSync(path, 'other line\n');
    expect(wake()).toEqual(['a', 'b', 'other line']);
    expect(restarts).toEqual(['rewritten']);
  });

  it('goes on when only the unfinished line was cut, and never glues old to new', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n{"begun":');
    const { wake, restarts, skipped } = recordFollower(path);
    wake();
    truncateSync(path, 5);
    appendFileSync(path, 'X\n');
    expect(wake()).toEqual(['{"bX']);
    truncateSync(path, 7);
    expect(wake()).toEqual([]);
    expect(restarts).toEqual([]);
    expect(skipped).toEqual([]);
  });

  it('goes on when it was cut exactly to the offset', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nunfinished');
    const { wake, restarts } = recordFollower(path);
    wake();
    truncateSync(path, 2);
    expect(wake()).toEqual([]);
    appendFileSync(path, 'b\n');
    expect(wake()).toEqual(['b']);
    expect(restarts).toEqual([]);
  });

  it('drops the unfinished line with its range when the file was cut before it', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\nunfinished');
    const { wake, restarts, skipped } = recordFollower(path);
    wake();
    writeFileSync(path, 'new\n');
    expect(wake()).toEqual(['new']);
    expect(restarts).toEqual(['truncated']);
    expect(skipped).toEqual([{ kind: 'unfinished', range: [4, 14] }]);
  });

  it('reads the bytes that fill a hole at the end, with their true range', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { wake, lines, restarts } = recordFollower(path);
    wake();
    truncateSync(path, 2 + 5000);
    expect(wake()).toEqual([]);
    expect(wake()).toEqual([]);
    truncateSync(path, 2);
    appendFileSync(path, `{"n":1}\n${'\0'.repeat(100)}`);
    expect(wake()).toEqual(['{"n":1}']);
    expect(lines.at(-1)).toMatchObject({ start: 2, end: 10 });
    appendFileSync(path, 'b\n');
    expect(wake()).toEqual(['b']);
    expect(lines.at(-1)).toMatchObject({ start: 10, end: 112 });
    expect(restarts).toEqual([]);
  });

  it('does not believe a smaller size on a network file system before it has lasted', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    let stale = false;
    const { io } = faultyIo({
      isRemote: () => true,
      read: (fd, buffer, offset, length, position) =>
        nodeFileIo.read(
          fd,
          buffer,
          offset,
          stale ? Math.min(length, 2) : length,
          position + (stale ? 2 : 0),
        ) * (stale ? 0 : 1),
    });
    const { wake, restarts, follower } = recordFollower(path, { io });
    expect(wake()).toEqual(['a', 'b']);
    stale = true;
    expect(wake()).toEqual([]);
    expect(follower.recheckMs).toBe(SHRINK_CONFIRM_MS);
    stale = false;
    appendFileSync(path, 'c\n');
    expect(wake()).toEqual(['c']);
    expect(restarts).toEqual([]);
    expect(follower.recheckMs).toBeNull();
  });

  it('believes a smaller size on a network file system once it has lasted', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const { io } = faultyIo({ isRemote: () => true });
    const { wake, restarts, clock } = recordFollower(path, { io });
    wake();
    writeFileSync(path, 'c\n');
    expect(wake()).toEqual([]);
    await clock.advance(SHRINK_CONFIRM_MS);
    expect(wake()).toEqual(['c']);
    expect(restarts).toEqual(['truncated']);
  });
});

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
    if (canListDescriptors) expect(openDescriptors(dirname(path))).toEqual([]);
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
    if (canListDescriptors) expect(openDescriptors(dirname(path))).toHaveLength(1);
    follower.close();
    if (canListDescriptors) expect(openDescriptors(dirname(path))).toEqual([]);
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

describe('faults of the file system', () => {
  it('come and go without a change in what is read', () => {
    const path = tempFile();
    const content = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    writeFileSync(path, `${content.join('\n')}\n`);
    let calls = 0;
    const { io } = faultyIo({
      read(fd, buffer, offset, length, position) {
        calls += 1;
        if (calls % 50 === 0)
          throw systemError(['EIO', 'EAGAIN', 'EINTR', 'ESTALE'][(calls / 50) % 4]!);
        return nodeFileIo.read(fd, buffer, offset, Math.min(length, 30 + (calls % 70)), position);
      },
    });
    const { follower, lines, restarts } = recordFollower(path, { io, readChunkBytes: 100 });
    for (let attempt = 0; attempt < 5000 && lines.length < 500; attempt += 1) {
      try {
        while (follower.step());
      } catch {
        // Whatever failed is tried again, as a tail does after a pause.
        follower.recover();
      }
    }
    expect(lines.map((line) => line.text)).toEqual(content);
    expect(restarts).toEqual([]);
  });

  it('makes room for its descriptor when they have run out', () => {
    const path = tempFile();
    const other = `${path}.other`;
    writeFileSync(path, 'a\n');
    writeFileSync(other, 'b\n');
    const pool = new DescriptorPool();
    const first = recordFollower(other, { pool });
    first.wake();
    const { io } = faultyIo({ open: failTimes(['EMFILE'], nodeFileIo.open) });
    expect(recordFollower(path, { pool, io }).wake()).toEqual(['a']);
    expect(pool.size).toBe(1);
    appendFileSync(other, 'c\n');
    expect(first.wake()).toEqual(['c']);
  });

  it('opens anew a descriptor that shows less than its path', () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    let frozen = -1;
    const { io } = faultyIo({
      read: (fd, buffer, offset, length, position) =>
        nodeFileIo.read(
          fd,
          buffer,
          offset,
          fd === frozen ? Math.max(0, 2 - position) : length,
          position,
        ),
      open: (path) => {
        const fd = nodeFileIo.open(path);
        if (frozen === -1) frozen = fd;
        else frozen = -2;
        return fd;
      },
    });
    const { wake, restarts } = recordFollower(path, { io });
    expect(wake()).toEqual(['a']);
    appendFileSync(path, 'b\n');
    expect(wake()).toEqual([]);
    expect(wake()).toEqual(['b']);
    expect(restarts).toEqual([]);
  });
});

describe('a parked follower', () => {
  it('holds no descriptor and goes on where it was, in the middle of a line', () => {
    const path = tempFile();
    writeFileSync(path, 'a\nbeg');
    const { wake, follower, restarts } = recordFollower(path);
    wake();
    follower.park();
    if (canListDescriptors) expect(openDescriptors(dirname(path))).toEqual([]);
    appendFileSync(path, 'un\n');
    expect(wake()).toEqual(['begun']);
    expect(restarts).toEqual([]);
  });

  it('notices a rewrite that happened meanwhile', () => {
    const path = tempFile();
    writeFileSync(path, records('a', 20));
    const { wake, follower, restarts } = recordFollower(path);
    wake();
    follower.park();
    writeFileSync(path, records('b', 30));
    expect(wake()).toHaveLength(30);
    expect(restarts).toEqual(['rewritten']);
  });

  it('finds what was appended before a rotation under the new name', () => {
    const path = tempFile('app.log');
    writeFileSync(path, 'a\n');
    const { wake, follower } = recordFollower(path);
    wake();
    follower.park();
    appendFileSync(path, 'b\n');
    renameSync(path, join(dirname(path), 'rotated-elsewhere'));
    writeFileSync(path, 'c\n');
    expect(wake()).toEqual(['b', 'c']);
  });

  it('is one of many that share few descriptors', () => {
    const path = tempFile();
    const pool = new DescriptorPool(4);
    const followers = Array.from({ length: 50 }, (_, index) => {
      writeFileSync(`${path}.${index}`, `${index}\n`);
      return recordFollower(`${path}.${index}`, { pool });
    });
    for (let round = 0; round < 3; round += 1) {
      for (const [index, { wake }] of followers.entries()) {
        expect(wake()).toEqual([`${index}`]);
        appendFileSync(`${path}.${index}`, `${index}\n`);
        expect(pool.size).toBeLessThanOrEqual(4);
      }
    }
    if (canListDescriptors) expect(openDescriptors(dirname(path)).length).toBeLessThanOrEqual(4);
    for (const { follower } of followers) follower.close();
    expect(pool.size).toBe(0);
  });
});
