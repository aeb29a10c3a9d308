import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import type { AbsPath, Touch } from '@watchkeeper/core';
import { entryType, toTouchStat, tryReadStats, turn } from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryTree } from './directory-tree.ts';
import type { HandlePool } from './handle-pool.ts';
import type { WatchedDirectory } from './watched-directory.ts';

/** Covers names, one directory, or a tree with one handle per directory. */
export class DirectoryCover implements Cover {
  readonly #context: CoverContext;
  readonly #tree: DirectoryTree;
  readonly #names: ReadonlySet<string> | null;
  readonly #rootName: string;

  constructor(context: CoverContext, pool: HandlePool) {
    const { request, delivery, guard } = context;
    this.#context = context;
    this.#rootName = basename(request.root);
    this.#names = request.scope.kind === 'names' ? request.scope.names : null;
    this.#tree = new DirectoryTree(request, pool, {
      onEvent: (directory, event, name) => this.#onEvent(directory, event, name),
      onCovered: ({ path }) => delivery.touch({ path, reach: 'children', hint: 'changed' }),
      onRegained: ({ path }) => delivery.lose([path], 'uncovered'),
      onReplaced: ({ path }) => delivery.touch({ path, reach: 'tree', hint: 'changed' }),
      onUncovered: (problems) => {
        for (const problem of problems) delivery.degrade(problem);
      },
      onRootGone: () => void guard.check(),
    });
  }

  open(): Promise<void> {
    return this.#tree.open();
  }

  recheck(): void {
    this.#tree.retryUncovered();
  }

  /**
   * inotify queues an event before the system call that caused it returns, libuv empties the queue in one
   * poll phase, and every version of chokidar passes a raw event on in the call it came with. The second
   * turn of the check phase has a whole poll phase before it.
   */
  readonly settle = async (): Promise<void> => {
    await turn();
    await turn();
    await this.#tree.whenCovered();
  };

  close(): Promise<void> {
    return this.#tree.close();
  }

  #onEvent(directory: WatchedDirectory, event: string, name: string | null): void {
    const { delivery, request } = this.#context;
    if (name === null) {
      delivery.lose([request.root], 'overflow');
      this.#tree.revisitAll();
      return;
    }
    const isRename = event === 'rename';
    if (isRename && directory.parent === null && !this.#isRootInPlace(name)) return;
    // The directory above tells the same, by name.
    if (name === '') return;
    if (this.#names !== null && !this.#names.has(name)) return;
    if (isRename) this.#onMembership(directory, name);
    else this.#onContent(directory, name);
  }

  /** Content or metadata of an entry moved: no system call stands between the event and the sink. */
  #onContent(directory: WatchedDirectory, name: string): void {
    const type = directory.children.has(name) ? 'directory' : undefined;
    if (this.#context.request.ignores(directory.relativeOf(name), type)) return;
    this.#context.delivery.touch({ path: directory.pathOf(name), reach: 'entry', hint: 'changed' });
  }

  /** A name came, went, or changed hands. */
  #onMembership(directory: WatchedDirectory, name: string): void {
    const path = directory.pathOf(name);
    const stats = tryReadStats(path);
    const wasDirectory = directory.children.has(name);
    const type = stats ? entryType(stats) : wasDirectory ? 'directory' : undefined;
    if (this.#context.request.ignores(directory.relativeOf(name), type)) return;
    const left = stats !== undefined && this.#tree.reconcile(directory, name, stats);
    this.#context.delivery.touch(touchOf(path, stats, left ? 'tree' : 'entry'));
  }

  /** inotify events about the root itself carry its own name, like those of an entry of that name, or none. */
  #isRootInPlace(name: string): boolean {
    const { guard, delivery, request } = this.#context;
    if (name !== this.#rootName && name !== '') return true;
    if (!guard.check()) return false;
    // Under a names scope the root is no entry of its own.
    if (this.#names === null) {
      delivery.touch({ path: request.root, reach: 'entry', hint: 'changed' });
    }
    return true;
  }
}

function touchOf(
  path: AbsPath,
  stats: BigIntStats | null | undefined,
  reach: Touch['reach'],
): Touch {
  if (stats === undefined) return { path, reach };
  if (stats === null) return { path, reach, hint: 'removed', stat: null };
  const stat = toTouchStat(stats);
  return { path, reach, hint: 'created', ...(stat === undefined ? {} : { stat }) };
}
