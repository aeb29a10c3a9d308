import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import type { AbsPath, Touch, WatchError } from '@watchkeeper/core';
import { entryType, toTouchStat, tryReadStats } from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryTree, type TreeEvents } from './directory-tree.ts';
import type { WatchedDirectory } from './watched-directory.ts';

/** Covers names, one directory, or a tree with one handle per directory. */
export class DirectoryCover implements Cover, TreeEvents {
  readonly #context: CoverContext;
  readonly #tree: DirectoryTree;
  readonly #names: ReadonlySet<string> | null;
  readonly #rootName: string;
  readonly #countEvent: () => void;

  constructor(context: CoverContext, countEvent: () => void) {
    const { request } = context;
    this.#context = context;
    this.#rootName = basename(request.root);
    this.#countEvent = countEvent;
    this.#names = request.scope.kind === 'names' ? request.scope.names : null;
    this.#tree = new DirectoryTree(request, context.handles, context.sliceMs, this);
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

  onCovered({ path }: WatchedDirectory): void {
    this.#context.delivery.touch({ path, reach: 'children', hint: 'changed' });
  }

  onRegained({ path }: WatchedDirectory): void {
    this.#context.delivery.lose([path], 'uncovered');
  }

  onUncovered(error: WatchError): void {
    this.#context.delivery.degrade(error);
  }

  onRootGone(): void {
    this.#context.guard.check();
  }

  onEvent(directory: WatchedDirectory, event: 'rename' | 'change', name: string | null): void {
    if (name === null) this.#onDropped();
    else if (event === 'rename') this.#onMembership(directory, name);
    else if (this.#names === null || this.#names.has(name)) this.#onContent(directory, name);
    // Last: what comes before a touch is time until somebody is told.
    this.#countEvent();
  }

  #onDropped(): void {
    this.#context.delivery.lose([this.#context.request.root], 'overflow');
    this.#tree.revisitAll();
  }

  #onMembership(directory: WatchedDirectory, name: string): void {
    if (directory.parent === null && !this.#isRootInPlace(name)) return;
    if (this.#names === null || this.#names.has(name)) this.#onName(directory, name);
  }

  /** Content or metadata of an entry moved: no system call stands between the event and the sink. */
  #onContent(directory: WatchedDirectory, name: string): void {
    const type = directory.children.has(name) ? 'directory' : undefined;
    if (this.#context.request.ignores(directory.relativeOf(name), type)) return;
    this.#context.delivery.touch({ path: directory.pathOf(name), reach: 'entry', hint: 'changed' });
  }

  /** A name came, went, or changed hands; inotify also tells metadata of directories this way. */
  #onName(directory: WatchedDirectory, name: string): void {
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
