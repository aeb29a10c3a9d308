import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

import { MAX_OPEN_DESCRIPTORS } from '../src/descriptor-pool.ts';
import { nodeFileIo, type FileIo } from '../src/file-io.ts';
import type { TailCursor } from '../src/cursor.ts';
import type { TailBatch, TailOptions } from '../src/tail.ts';
import { Tailer } from '../src/tailer.ts';
import { failTimes, faultyIo } from './support/faulty-io.ts';
import { SignalWatcher } from './support/signal-watcher.ts';
import { tempFile } from './support/temp-dir.ts';
import { turns } from './support/turns.ts';

interface Started {
  readonly tail: Tailer<string>;
  readonly batches: TailBatch<string>[];
  readonly items: () => string[];
}

/** Starts a tail and returns before the event loop has turned. */
function start(
  path: string,
  watcher: SignalWatcher,
  options: TailOptions<string>,
  io: FileIo = nodeFileIo,
): Started {
  const batches: TailBatch<string>[] = [];
  const clock = createManualClock();
  const given = { clock, debounceMs: 0, ...options };
  const tail = new Tailer<string>(
    path,
    { ...given, onBatch: (batch) => void batches.push(batch) },
    { sharedWatcher: () => watcher, io },
  );
  onTestFinished(() => tail.stop());
  return { tail, batches, items: () => batches.flatMap((batch) => batch.items) };
}

/** A cursor at the end of what stands at `path`. */
async function cursorOf(path: string): Promise<TailCursor> {
  const { tail } = start(path, new SignalWatcher(), { from: 'start' });
  await tail.ready;
  tail.stop();
  return tail.cursor();
}

const starts: [string, (path: string) => Promise<TailOptions<string>['from']>][] = [
  ['the start', async () => 'start'],
  ['the end', async () => 'end'],
  ['a cursor', cursorOf],
];

const rotations: [string, (path: string) => void][] = [
  ['renamed', (path) => renameSync(path, `${path}.1`)],
  ['removed', (path) => rmSync(path)],
];

const cases = starts.flatMap(([from, choose]) =>
  rotations.map(([title, displace]) => [from, title, choose, displace] as const),
);

describe('after ready', () => {
  it.each(cases)(
    'a tail from %s loses nothing of a file that is appended to and %s at once',
    async (_from, _title, choose, displace) => {
      const path = tempFile();
      writeFileSync(path, 'a\n');
      const from = await choose(path);
      const watcher = new SignalWatcher();
      const { tail, batches, items } = start(path, watcher, from === undefined ? {} : { from });
      await tail.ready;
      appendFileSync(path, 'after ready\n');
      displace(path);
      writeFileSync(path, 'new\n');
      watcher.latest.change(null);
      await turns();
      expect(items().slice(-2)).toEqual(['after ready', 'new']);
      expect(batches.map(({ generation, restarted }) => [generation, restarted]).at(-1)).toEqual([
        1,
        'replaced',
      ]);
    },
  );

  it('a tail that holds no descriptor knows which file to look for', async () => {
    const path = tempFile();
    const clock = createManualClock();
    const started = Array.from({ length: MAX_OPEN_DESCRIPTORS + 20 }, (_, index) => {
      const own = `${path}.${index}`;
      writeFileSync(own, 'a\n');
      const watcher = new SignalWatcher();
      return { own, watcher, ...start(own, watcher, { from: 'start', clock }) };
    });
    await Promise.all(started.map(({ tail }) => tail.ready));
    for (const { own, watcher, items } of started.slice(0, 20)) {
      appendFileSync(own, 'after ready\n');
      renameSync(own, `${own}.old`);
      writeFileSync(own, 'new\n');
      watcher.latest.change(null);
      expect(items()).toEqual(['a', 'after ready', 'new']);
    }
  });

  it('a tail that could not open its file yet knows which one to look for', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { io } = faultyIo({
      open: failTimes(['EACCES', 'EACCES', 'EACCES'], (name: string) => nodeFileIo.open(name)),
    });
    const watcher = new SignalWatcher();
    const codes: string[] = [];
    const onError = (error: { readonly code: string }): void => void codes.push(error.code);
    const { tail, items } = start(path, watcher, { from: 'start', onError }, io);
    await tail.ready;
    appendFileSync(path, 'after ready\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'new\n');
    for (let signal = 0; signal < 3; signal += 1) watcher.latest.change(null);
    expect(items()).toEqual(['a', 'after ready', 'new']);
    expect(codes).toEqual(['READ_ERROR']);
  });
});

describe('ready', () => {
  it('waits for the watch, then for a look at what came before', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const watcher = new SignalWatcher();
    watcher.opens = false;
    const { tail, items } = start(path, watcher, {});
    await turns();
    appendFileSync(path, 'before the watch\n');
    await turns();
    expect(items()).toEqual([]);
    watcher.latest.open();
    await tail.ready;
    expect(items()).toEqual(['before the watch']);
  });

  it.each(['start', 'end'] as const)('comes for a missing file, from the %s', async (from) => {
    const path = tempFile();
    const watcher = new SignalWatcher();
    const { tail, items } = start(path, watcher, { from });
    await tail.ready;
    writeFileSync(path, 'a\n');
    watcher.latest.change(null);
    expect(items()).toEqual(['a']);
  });

  it('comes for a tail that is stopped before it began', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { tail, items } = start(path, new SignalWatcher(), { from: 'start' });
    tail.stop();
    await tail.ready;
    expect(items()).toEqual(['a']);
  });
});
