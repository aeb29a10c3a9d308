import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DescriptorPool } from '../src/descriptor-pool.ts';
import { nodeFileIo } from '../src/file-io.ts';
import { failTimes, faultyIo, systemError } from './support/faulty-io.ts';
import { expectDescriptors } from './support/open-descriptors.ts';
import { recordFollower } from './support/recorded-follower.ts';
import { records } from './support/records.ts';
import { tempFile } from './support/temp-dir.ts';

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
    const { io } = faultyIo({
      open: failTimes(['EMFILE'], (name: string) => nodeFileIo.open(name)),
    });
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
    expectDescriptors(dirname(path), 0);
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
    expectDescriptors(dirname(path), 4);
    for (const { follower } of followers) follower.close();
    expect(pool.size).toBe(0);
  });
});
