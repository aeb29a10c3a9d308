import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import type { TailError } from '../src/errors.ts';
import { tail } from '../src/tail-file.ts';
import type { Tail, TailBatch, TailOptions } from '../src/tail.ts';
import { BACKENDS, watcherOn } from './support/backend-table.ts';
import { expectDescriptors } from './support/open-descriptors.ts';
import { tempDir, tempFile } from './support/temp-dir.ts';
import { WITHIN, writeLog, type LogRecord } from './support/write-log.ts';

describe.each(BACKENDS)('on the %s backend', (backend) => {
  async function follow<T = string>(
    path: string,
    options: TailOptions<T> = {},
  ): Promise<{ tail: Tail<T>; batches: TailBatch<T>[]; errors: TailError[]; items: () => T[] }> {
    const batches: TailBatch<T>[] = [];
    const errors: TailError[] = [];
    const following = tail<T>(path, {
      watcher: watcherOn(backend),
      debounceMs: 0,
      maxWaitMs: 0,
      onBatch: (batch) => void batches.push(batch),
      onError: (error) => void errors.push(error),
      ...options,
    });
    onTestFinished(() => following.stop());
    await following.ready;
    return {
      tail: following,
      batches,
      errors,
      items: () => batches.flatMap((batch) => batch.items),
    };
  }

  it('delivers appends, and only those', async () => {
    const path = tempFile();
    writeFileSync(path, 'old\n');
    const { items, errors, tail: following } = await follow(path);
    appendFileSync(path, 'a\n');
    await expect.poll(items, WITHIN).toEqual(['a']);
    appendFileSync(path, 'b\nc\n');
    await expect.poll(items, WITHIN).toEqual(['a', 'b', 'c']);
    expect(following.byteOffset).toBe(10);
    expect(errors).toEqual([]);
  });

  it('waits for a file, also in a directory that is made later', async () => {
    const directory = tempDir();
    const path = join(directory, 'a.log');
    const { items } = await follow(path);
    writeFileSync(path, 'first\n');
    await expect.poll(items, WITHIN).toEqual(['first']);
  });

  it('coalesces a burst and delivers it after the quiet time', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, items } = await follow(path, { debounceMs: 100, maxWaitMs: 500 });
    for (let line = 0; line < 10; line += 1) appendFileSync(path, `${line}\n`);
    await expect.poll(items, WITHIN).toHaveLength(10);
    expect(batches.length).toBeLessThanOrEqual(2);
  });

  it('sees a rename rotation, an atomic save, a truncation and a rewrite', async () => {
    const path = tempFile();
    writeFileSync(path, 'start\n');
    const { batches, items } = await follow(path);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'rotated\n');
    await expect.poll(items, WITHIN).toEqual(['rotated']);
    writeFileSync(`${path}.tmp`, 'saved\n');
    renameSync(`${path}.tmp`, path);
    await expect.poll(items, WITHIN).toEqual(['rotated', 'saved']);
    truncateSync(path);
    writeFileSync(path, 'cut\n');
    await expect.poll(items, WITHIN).toEqual(['rotated', 'saved', 'cut']);
    writeFileSync(path, 'rewritten, and longer\n');
    await expect.poll(items, WITHIN).toContain('rewritten, and longer');
    expect(batches.map((batch) => batch.restarted)).toEqual([
      'replaced',
      'replaced',
      'truncated',
      'rewritten',
    ]);
    expect(batches.map((batch) => batch.generation)).toEqual([1, 2, 3, 4]);
  });

  it('goes on after the file was deleted and made again', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { items, errors } = await follow(path);
    rmSync(path);
    writeFileSync(path, 'b\n');
    await expect.poll(items, WITHIN).toEqual(['b']);
    appendFileSync(path, 'c\n');
    await expect.poll(items, WITHIN).toEqual(['b', 'c']);
    expect(errors).toEqual([]);
  });

  it.each([1, 2])(
    'gets every record of another process once and in order (seed %d)',
    async (seed) => {
      const path = tempFile();
      const {
        batches,
        items,
        errors,
        tail: following,
      } = await follow(path, {
        from: 'start',
        parse: (line) => (JSON.parse(line) as LogRecord).record,
      });
      await writeLog(path, 1500, seed, 'append', () => items().length);
      await expect.poll(() => items().length, WITHIN).toBe(1500);
      expect(items()).toEqual(Array.from({ length: 1500 }, (_, record) => record));
      expect(errors).toEqual([]);
      expect(following.byteOffset).toBe(statSync(path).size);
      let end = 0;
      for (const { byteRange } of batches) {
        expect(byteRange.start).toBe(end);
        end = byteRange.end;
      }
      expect(end).toBe(statSync(path).size);
      const whole = readFileSync(path);
      const first = batches[0]?.byteRange;
      expect(whole.subarray(first?.start, first?.end).toString().trim().split('\n')).toHaveLength(
        batches[0]!.items.length,
      );
    },
  );

  it('gets every record of a process that rotates its log', async () => {
    const path = tempFile();
    const { items, batches, errors } = await follow(path, {
      from: 'start',
      parse: (line) => (JSON.parse(line) as LogRecord).record,
    });
    await writeLog(path, 2000, 5, 'rotate', () => items().length);
    await expect.poll(() => items().at(-1), WITHIN).toBe(1999);
    expect(items()).toEqual(Array.from({ length: 2000 }, (_, record) => record));
    expect(batches.at(-1)?.generation).toBeGreaterThan(2);
    expect(errors).toEqual([]);
  });

  it('gets the records of a process that truncates its log, none torn and none twice', async () => {
    const path = tempFile();
    const { items, batches, errors } = await follow(path, {
      from: 'start',
      parse: (line) => JSON.parse(line) as LogRecord,
    });
    await writeLog(path, 1500, 3, 'truncate', () => items().length);
    await expect.poll(() => items().at(-1)?.record, WITHIN).toBe(1499);
    expect(items().map(({ record }) => record)).toEqual(
      Array.from({ length: 1500 }, (_, record) => record),
    );
    expect(errors).toEqual([]);
    const last = JSON.parse(
      `[${readFileSync(path, 'utf8').trim().split('\n').join(',')}]`,
    ) as LogRecord[];
    const generation = batches.at(-1)?.generation;
    expect(
      batches.filter((batch) => batch.generation === generation).flatMap((batch) => batch.items),
    ).toEqual(last);
    expect(generation).toBeGreaterThan(0);
  });

  it('resumes from a stored cursor in a second tail without loss or repetition', async () => {
    const path = tempFile();
    const parse = (line: string): number => (JSON.parse(line) as LogRecord).record;
    const first = await follow(path, { from: 'start', parse });
    const written = writeLog(path, 1000, 9, 'append', () => 0);
    await expect.poll(() => first.items().length, WITHIN).toBeGreaterThan(200);
    first.tail.stop();
    await first.tail.closed;
    const cursor = JSON.parse(JSON.stringify(first.tail.cursor())) as ReturnType<
      Tail<number>['cursor']
    >;
    const second = await follow(path, { from: cursor, parse });
    await written;
    await expect.poll(() => first.items().length + second.items().length, WITHIN).toBe(1000);
    expect([...first.items(), ...second.items()]).toEqual(
      Array.from({ length: 1000 }, (_, record) => record),
    );
  });

  it('leaves no descriptor and no event behind when it stops', async () => {
    const directory = tempDir();
    const path = join(directory, 'a.log');
    writeFileSync(path, '');
    const { tail: following, items } = await follow(path);
    appendFileSync(path, 'last\n');
    following.stop();
    expect(items()).toEqual(['last']);
    await following.closed;
    expectDescriptors(directory, 0);
    appendFileSync(path, 'after\n');
    const other = await follow(path, { from: 'start' });
    await expect.poll(other.items, WITHIN).toEqual(['last', 'after']);
    expect(items()).toEqual(['last']);
  });

  it('follows many files of one directory, each with its own lines', async () => {
    const directory = tempDir();
    const watcher = watcherOn(backend);
    const tails = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const path = join(directory, `${index}.log`);
        writeFileSync(path, '');
        return { path, ...(await follow(path, { watcher })) };
      }),
    );
    for (let round = 0; round < 3; round += 1) {
      for (const [index, { path }] of tails.entries()) appendFileSync(path, `${index}-${round}\n`);
    }
    for (const [index, { items }] of tails.entries()) {
      await expect.poll(items, WITHIN).toEqual([`${index}-0`, `${index}-1`, `${index}-2`]);
    }
    expect(watcher.stats().subscriptions).toBe(1);
  });
});

describe('without a watcher', () => {
  it('shares the one of the process', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const seen: string[] = [];
    await using following = tail(path, {
      from: 'start',
      debounceMs: 0,
      onBatch: ({ items }) => void seen.push(...items),
    });
    await following.ready;
    appendFileSync(path, 'b\n');
    await expect.poll(() => seen, WITHIN).toEqual(['a', 'b']);
  });
});
