import { appendFileSync, linkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { nodeFileIo } from '../src/file-io.ts';
import { SHRINK_CONFIRM_MS } from '../src/shrink-doubt.ts';
import { faultyIo } from './support/faulty-io.ts';
import { recordFollower } from './support/recorded-follower.ts';
import { records } from './support/records.ts';
import { tempFile } from './support/temp-dir.ts';

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

  it('is read to its end when it was cut and then removed', () => {
    const path = tempFile();
    writeFileSync(path, 'aaa\nbbb\n');
    linkSync(path, `${path}.open`);
    const { wake, restarts } = recordFollower(path);
    wake();
    writeFileSync(path, 'c\n');
    unlinkSync(path);
    expect(wake()).toEqual(['c']);
    expect(restarts).toEqual(['truncated']);
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
