import type { AbsPath } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { DirectoryQueue } from '../src/directory-queue.ts';
import { WatchedDirectory } from '../src/watched-directory.ts';

const directories = (count: number): WatchedDirectory[] =>
  Array.from(
    { length: count },
    (_, index) => new WatchedDirectory(`/w/${index}` as AbsPath, `${index}`, `${index}`, null),
  );

describe('DirectoryQueue', () => {
  it('works in order, each directory once however often it was added', () => {
    const worked: string[] = [];
    const queue = new DirectoryQueue(createManualClock(), 4, ({ name }) => void worked.push(name));
    for (const directory of directories(3)) {
      queue.add(directory);
      queue.add(directory);
    }
    queue.runSlice();
    expect(worked).toEqual(['0', '1', '2']);
    expect(queue.isEmpty).toBe(true);
  });

  it('stops when the slice is used up, and goes on in later turns', async () => {
    let now = 0;
    const clock = { ...createManualClock(), now: () => now };
    const worked: string[] = [];
    const queue = new DirectoryQueue(clock, 4, ({ name }) => {
      now += 3;
      worked.push(name);
    });
    for (const directory of directories(5)) queue.add(directory);
    queue.runSlice();
    expect(worked).toHaveLength(2);
    queue.schedule();
    await queue.whenEmpty();
    expect(worked).toHaveLength(5);
  });

  it('takes in what the work itself finds, and leaves out what was dropped meanwhile', () => {
    const [first, second, dropped] = directories(3) as [
      WatchedDirectory,
      WatchedDirectory,
      WatchedDirectory,
    ];
    const worked: string[] = [];
    const queue = new DirectoryQueue(createManualClock(), 4, ({ name }) => {
      worked.push(name);
      if (name === '0') queue.add(second);
    });
    queue.add(first);
    queue.add(dropped);
    dropped.dropped = true;
    queue.runSlice();
    expect(worked).toEqual(['0', '1']);
  });

  it('lets go of those who wait when it is closed', async () => {
    const queue = new DirectoryQueue(createManualClock(), 4, () => {});
    queue.add(directories(1)[0] as WatchedDirectory);
    const waiting = queue.whenEmpty();
    queue.close();
    await expect(waiting).resolves.toBeUndefined();
  });
});
