import { join, sep } from 'node:path';
import type { AbsPath, EntryType } from '@watchkeeper/core';
import { entryType, isRefused, toTouchStat, tryReadStats } from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { errors } from './watch-failure.ts';

/**
 * Covers a tree with the one recursive handle that FSEvents and ReadDirectoryChangesW offer. Paths
 * come with each event, so moved and new directories need no handles of their own.
 */
export class NativeTreeCover implements Cover {
  readonly #context: CoverContext;

  constructor(context: CoverContext) {
    this.#context = context;
  }

  start(): boolean {
    const { handles, request } = this.#context;
    try {
      handles.open({
        path: request.root,
        recursive: true,
        onEvent: (event, name) => this.#onEvent(event, name),
        onError: (error) => {
          // Windows reports the removal of the root as an error of its handle.
          if (this.#context.guard.check()) this.#context.fail(error);
        },
      });
    } catch (cause) {
      throw errors.watching(cause, request.root);
    }
    return true;
  }

  /** One handle covers everything or nothing. */
  recheck(): void {}

  /** Core reads the scope again after a loss; there is no structure here to repair. */
  recover(): void {}

  whenCovered(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}

  #onEvent(event: 'rename' | 'change', name: string | null): void {
    const { delivery, request } = this.#context;
    // ReadDirectoryChangesW gives no name when its buffer overflowed.
    if (name === null) delivery.lose([request.root], 'overflow');
    else if (event === 'change') this.#onContent(name);
    else this.#onMembership(name);
  }

  #onContent(name: string): void {
    if (this.#isIgnored(name, undefined)) return;
    this.#context.delivery.touch({ path: this.#pathOf(name), reach: 'entry', hint: 'changed' });
  }

  #onMembership(name: string): void {
    const { delivery, guard } = this.#context;
    const path = this.#pathOf(name);
    const stats = tryReadStats(path);
    if (stats === undefined) {
      if (!this.#isIgnored(name, undefined)) delivery.touch({ path, reach: 'entry' });
      return;
    }
    if (stats === null && !guard.check()) return;
    const type = stats === null ? undefined : entryType(stats);
    if (this.#isIgnored(name, type)) return;
    const stat = stats === null ? null : toTouchStat(stats);
    delivery.touch({
      path,
      // A directory that was moved in brings content that no event tells.
      reach: type === 'directory' || type === undefined ? 'tree' : 'entry',
      hint: stats === null ? 'removed' : 'created',
      ...(stat === undefined ? {} : { stat }),
    });
  }

  #pathOf(name: string): AbsPath {
    return join(this.#context.request.root, name) as AbsPath;
  }

  #isIgnored(name: string, type: EntryType | undefined): boolean {
    const { ignores } = this.#context.request;
    return isRefused(ignores, name.replaceAll(sep, '/'), type);
  }
}
