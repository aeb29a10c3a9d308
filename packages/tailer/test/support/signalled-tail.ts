import { statSync } from 'node:fs';

import type { EntryStat } from '@watchkeeper/core';
import { createManualClock, type ManualClock } from '@watchkeeper/core/testing';
import { onTestFinished } from 'vitest';

import type { TailError } from '../../src/errors.ts';
import { nodeFileIo, type FileIo } from '../../src/file-io.ts';
import type { TailBatch, TailOptions } from '../../src/tail.ts';
import { Tailer } from '../../src/tailer.ts';
import { SignalWatcher } from './signal-watcher.ts';
import { turns } from './turns.ts';

/** A tail on a manual clock that hears of changes only when a test says so. */
export interface SignalledTail<T> {
  readonly tail: Tailer<T>;
  readonly clock: ManualClock;
  readonly watcher: SignalWatcher;
  readonly batches: TailBatch<T>[];
  readonly errors: TailError[];
  /** Items of all batches, in order. */
  readonly items: () => T[];
  /** Signals a change at the path and lets the event loop turn. */
  readonly touch: () => Promise<void>;
}

/** What may differ from the defaults. */
export interface SignalledTailOptions<T> extends Omit<TailOptions<T>, 'watcher'> {
  readonly io?: FileIo;
  readonly watcher?: SignalWatcher;
  /** Leave `onBatch` out, so that the tail can be iterated. */
  readonly iterated?: boolean;
}

/** What stands at a path, as core would tell it. */
export function entryStat(path: string): EntryStat | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return null;
  const { size, mtimeNs, ctimeNs, birthtimeNs, dev, ino, nlink } = stat;
  const type = stat.isDirectory() ? 'directory' : 'file';
  return { type, size, mtimeNs, ctimeNs, birthtimeNs, dev, ino, nlink, mode: Number(stat.mode) };
}

/** Starts a tail that writes down what it delivers; it is stopped when the test is finished. */
export async function signalledTail<T = string>(
  path: string,
  options: SignalledTailOptions<T> = {},
): Promise<SignalledTail<T>> {
  const { io = nodeFileIo, watcher = new SignalWatcher(), iterated = false, ...rest } = options;
  const clock = createManualClock();
  const batches: TailBatch<T>[] = [];
  const errors: TailError[] = [];
  const onBatch = rest.onBatch ?? ((batch: TailBatch<T>) => void batches.push(batch));
  const tail = new Tailer<T>(
    path,
    {
      onError: (error) => void errors.push(error),
      clock,
      ...rest,
      ...(iterated ? {} : { onBatch }),
    },
    { sharedWatcher: () => watcher, io },
  );
  onTestFinished(() => tail.stop());
  await turns();
  return {
    tail,
    clock,
    watcher,
    batches,
    errors,
    items: () => batches.flatMap((batch) => batch.items),
    async touch() {
      watcher.latest.change(entryStat(path));
      await turns();
    },
  };
}
