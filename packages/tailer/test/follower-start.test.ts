import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { fromCursor, toCursor } from '../src/cursor-codec.ts';
import { nodeFileIo, type FileIo } from '../src/file-io.ts';
import { failTimes, faultyIo } from './support/faulty-io.ts';
import { recordFollower } from './support/recorded-follower.ts';
import { tempFile } from './support/temp-dir.ts';

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
    const { io } = faultyIo({
      open: failTimes(['EACCES'], (name: string) => nodeFileIo.open(name)),
    });
    const recorded = recordFollower(path, { from: 'start', io });
    expect(() => recorded.follower.startAtEnd()).toThrow('EACCES');
    appendFileSync(path, 'shed\nnew\n');
    expect(recorded.wake()).toEqual(['unfinished', 'new']);
  });

  it.each([
    ['finds the file that was there, then reads its successor', false, ['unfinished', 'new'], 0],
    ['reads the successor whole when the file is gone', true, ['new'], 1],
  ])('at the end of a file that cannot be opened before it is rotated: %s', (...row) => {
    const [_title, gone, expected, generation] = row;
    const path = tempFile();
    writeFileSync(path, 'old\nunfini');
    const { io } = faultyIo({
      open: failTimes(['EMFILE'], (name: string) => nodeFileIo.open(name)),
    });
    const recorded = recordFollower(path, { io });
    expect(() => recorded.follower.startAtEnd()).toThrow('EMFILE');
    appendFileSync(path, 'shed\n');
    renameSync(path, `${path}.1`);
    if (gone) rmSync(`${path}.1`);
    writeFileSync(path, 'new\n');
    expect(recorded.wake()).toEqual(expected);
    expect(recorded.restarts).toEqual(['replaced']);
    expect(recorded.lines[0]?.generation).toBe(generation);
  });

  it('at the end, also when the search for the last line fails at first', () => {
    const path = tempFile();
    writeFileSync(path, 'old\nunfini');
    const { io } = faultyIo({
      read: failTimes(['EIO', 'EIO'], (...call: Parameters<FileIo['read']>) =>
        nodeFileIo.read(...call),
      ),
    });
    const recorded = recordFollower(path, { io });
    expect(() => recorded.follower.startAtEnd()).toThrow('EIO');
    appendFileSync(path, 'shed\nnew\n');
    expect(recorded.wake).toThrow('EIO');
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
