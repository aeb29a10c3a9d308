import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ChangeBatch } from '../../src/change.ts';
import type { WatchError } from '../../src/errors.ts';
import { PathWatcher } from '../../src/path-watcher.ts';
import { createManualBackend, type ManualBackend } from '../../src/testing/manual-backend.ts';
import type { Watch, WatchState } from '../../src/watch.ts';
import type { PathWatcherOptions } from '../../src/watcher-options.ts';

/** A temporary directory, with its real path. It is removed after the test. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-core-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A directory, a watcher on a manual backend, and what they need to be gone after the test. */
export interface Scene {
  readonly root: string;
  readonly backend: ManualBackend;
  readonly watcher: PathWatcher;
  /** A path in the directory. */
  readonly at: (...names: readonly string[]) => string;
}

/** Sets a scene up. */
export function scene(options: Partial<PathWatcherOptions> = {}): Scene {
  const root = temporaryDirectory();
  const backend = createManualBackend();
  const watcher = new PathWatcher({ backends: [backend], ...options });
  onTestFinished(() => watcher.close());
  return { root, backend, watcher, at: (...names) => join(root, ...names) };
}

/** What a watch told, in short forms that read well in assertions. */
export interface Record {
  readonly batches: ChangeBatch[];
  readonly states: WatchState[];
  readonly problems: WatchError[];
  /** Takes the changes told since the last call, as `kind path`, paths relative to `root`. */
  readonly take: () => readonly string[];
  /** The same, once there are as many as `count`: a slow machine may need several batches. */
  readonly next: (count: number) => Promise<readonly string[]>;
}

/** Records everything a watch tells. */
export function record(watch: Watch, root: string): Record {
  const batches: ChangeBatch[] = [];
  const states: WatchState[] = [];
  const problems: WatchError[] = [];
  let taken = 0;
  watch.on('batch', (batch) => batches.push(batch));
  watch.on('state', (state) => states.push(state));
  watch.on('problem', (problem) => problems.push(problem));
  const untaken = (): readonly string[] =>
    batches.slice(taken).flatMap(({ changes }) =>
      changes.map(({ kind, path }) => {
        if (!path.startsWith(root)) return `${kind} ${path}`;
        return `${kind} ${path === root ? '.' : path.slice(root.length + 1)}`;
      }),
    );
  const take = (): readonly string[] => {
    const news = untaken();
    taken = batches.length;
    return news;
  };
  const next = async (count: number): Promise<readonly string[]> => {
    await expect.poll(() => untaken().length).toBeGreaterThanOrEqual(count);
    return take();
  };
  return { batches, states, problems, take, next };
}
