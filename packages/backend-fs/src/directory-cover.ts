import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import type { AbsPath, Touch } from '@watchkeeper/core';
import { entryType, toTouchStat, tryReadStats } from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryTree } from './directory-tree.ts';
import type { WatchedDirectory } from './watched-directory.ts';

/** Covers names, one directory, or a tree with one handle per directory. */
export class DirectoryCover implements Cover {
  readonly #context: CoverContext;
  readonly #tree: DirectoryTree;
  readonly #names: ReadonlySet<string> | null;
  readonly #rootName: string;
  readonly #countEvent: () => void;

  constructor(context: CoverContext, countEvent: () => void) {
    const { request, delivery, guard } = context;
    this.#context = context;
    this.#rootName = basename(request.root);
    this.#countEvent = countEvent;
    this.#names = request.scope.kind === 'names' ? request.scope.names : null;
    this.#tree = new DirectoryTree(request, context.handles, context.sliceMs, {
      onEvent: (directory, event, name) => this.#onEvent(directory, event, name),
      onCovered: (directory) =>
        delivery.touch({ path: directory.path, reach: 'children', hint: 'changed' }),
      onRegained: (directory) => delivery.lose([directory.path], 'uncovered'),
      onUncovered: (error) => delivery.degrade(error),
      onRootGone: () => void guard.check(),
    });
  }

  start(): boolean {
    return this.#tree.start();
  }

  recheck(): void {
    this.#tree.retryUncovered();
  }

  recover(): void {
    this.#tree.revisitAll();
  }

  whenCovered(): Promise<void> {
    return this.#tree.whenCovered();
  }

  close(): void {
    this.#tree.close();
  }

  #onEvent(directory: WatchedDirectory, event: 'rename' | 'change', name: string | null): void {
    const { delivery, request } = this.#context;
    this.#countEvent();
    if (name === null) {
      delivery.lose([request.root], 'overflow');
      this.#tree.revisitAll();
      return;
    }
    if (event === 'rename' && directory.parent === null && !this.#isRootInPlace(name)) return;
    if (this.#names !== null && !this.#names.has(name)) return;
    if (event === 'rename') this.#onMembership(directory, name);
    else this.#onContent(directory, name);
  }

  /** Content or metadata of an entry moved: no system call stands between the event and the sink. */
  #onContent(directory: WatchedDirectory, name: string): void {
    const type = directory.children.has(name) ? 'directory' : undefined;
    if (this.#context.request.ignores(directory.relativeOf(name), type)) return;
    this.#context.delivery.touch({ path: directory.pathOf(name), reach: 'entry', hint: 'changed' });
  }

  /** A name came, went, or changed hands; inotify also tells metadata of directories this way. */
  #onMembership(directory: WatchedDirectory, name: string): void {
    const path = directory.pathOf(name);
    const stats = tryReadStats(path);
    const wasDirectory = directory.children.has(name);
    const type = stats ? entryType(stats) : wasDirectory ? 'directory' : undefined;
    if (this.#context.request.ignores(directory.relativeOf(name), type)) return;
    const left = stats !== undefined && this.#tree.reconcile(directory, name, stats);
    this.#context.delivery.touch(touchOf(path, stats, left ? 'tree' : 'entry'));
  }

  /** inotify events about the root itself carry its own name, like those of an entry of that name. */
  #isRootInPlace(name: string): boolean {
    const { guard, delivery, request } = this.#context;
    if (name !== this.#rootName) return true;
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
