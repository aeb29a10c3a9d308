import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { AbsPath, EntryType, Touch } from '@watchkeeper/core';
import { entryType, errorCode, isRefused } from '@watchkeeper/core/backend-kit';
import type { ChokidarStats, LoadedChokidar, RawDetails } from './chokidar-module.ts';
import type { Cover, CoverContext } from './cover.ts';
import { openWatcher, type OpenWatcher } from './open-watcher.ts';
import { CLOSE_GRACE_MS } from './options.ts';
import { errors, isLimit } from './watch-failure.ts';

/** What the kinds of chokidar suggest; a verdict is core's business. */
const HINTS: Readonly<Record<string, NonNullable<Touch['hint']>>> = {
  add: 'created',
  addDir: 'created',
  change: 'changed',
  unlink: 'removed',
  unlinkDir: 'removed',
};

/**
 * Covers a scope with one chokidar watcher, where the system has recursive handles (chokidar 6) or where
 * handles on files tell more than those on directories (chokidar 4 and 5 on macOS). Every event and
 * every raw event is a touch; neither kinds nor their absence are trusted.
 */
export class WholeCover implements Cover {
  readonly #context: CoverContext;
  readonly #chokidar: LoadedChokidar;
  /** Directories chokidar may have listed before it watched them. */
  readonly #fresh = new Set<AbsPath>();
  /** Places that were told to be uncovered, by the path of their handle. */
  readonly #uncovered = new Set<AbsPath>();
  readonly #limit = Promise.withResolvers<never>();
  #watcher: OpenWatcher | null = null;
  #isLive = false;
  /** chokidar tells its events late and in an order of its own. */
  readonly settle = null;

  constructor(context: CoverContext, chokidar: LoadedChokidar) {
    this.#context = context;
    this.#chokidar = chokidar;
    // It is awaited while opening only.
    this.#limit.promise.catch(() => undefined);
  }

  async open(): Promise<void> {
    const { request } = this.#context;
    this.#watcher = openWatcher(
      this.#chokidar,
      request.root,
      {
        persistent: this.#chokidar.major < 6,
        ignorePermissionErrors: true,
        ...(request.scope.kind === 'tree' ? {} : { depth: 0 }),
        ignored: (path, stats) => this.#isUnwanted(path, stats),
      },
      {
        error: (cause) => this.#onError(cause),
        raw: (_, name, details) => this.#onRaw(name, details),
        all: (event, path) => this.#onEvent(event, path),
      },
    );
    await Promise.race([this.#watcher.ready, this.#limit.promise]);
    this.#isLive = true;
  }

  /** chokidar 4 and 5 list a new directory before they watch it: what came in between is seen by a second look. */
  recheck(): void {
    for (const path of this.#fresh) this.#touch(path, 'tree', 'changed');
    this.#fresh.clear();
  }

  async close(): Promise<void> {
    const watcher = this.#watcher;
    if (watcher === null) return;
    if (!this.#isLive && this.#chokidar.major < 6) await this.#untilReady(watcher);
    await watcher.close();
  }

  /** What chokidar 4 and 5 open while they are closed is never closed again (chokidar issue 1482). */
  async #untilReady(watcher: OpenWatcher): Promise<void> {
    const { promise: isLate, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = this.#context.request.clock.setTimeout(giveUp, CLOSE_GRACE_MS);
    await Promise.race([watcher.ready, isLate]);
    timer.cancel();
  }

  #onEvent(event: string, told: string): void {
    const path = resolve(told) as AbsPath;
    const isDirectory = event === 'addDir' || event === 'unlinkDir';
    if (event === 'addDir' && this.#chokidar.major < 6) this.#fresh.add(path);
    if (path === this.#context.request.root && !this.#context.guard.check()) return;
    this.#touch(path, isDirectory ? 'tree' : 'entry', HINTS[event]);
  }

  #onRaw(name: string | null, { watchedPath }: RawDetails): void {
    const { delivery, request } = this.#context;
    // ReadDirectoryChangesW gives no name when its buffer overflowed.
    if (name === null) delivery.lose([request.root], 'overflow');
    if (name === null || watchedPath === undefined) return;
    const watched = resolve(watchedPath) as AbsPath;
    // The handle that failed was opened anew, and tells.
    if (this.#uncovered.delete(watched)) this.#regain(watched);
    // A handle tells about itself by its own name, which an entry of it may have, too.
    if (basename(watched) === name) this.#touch(watched, 'children');
    else this.#touch((isAbsolute(name) ? name : join(watched, name)) as AbsPath, 'entry');
  }

  #onError(cause: unknown): void {
    const { request, delivery, guard } = this.#context;
    const isOpen = this.#isLive;
    const problem = errors.watching(cause, isOpen ? pathOf(cause, request.root) : request.root);
    if (!isOpen && isLimit(problem.code)) {
      this.#limit.reject(problem);
      return;
    }
    // What is gone has an event of its own; Windows tells the removal of the root as an error.
    if (errorCode(cause) === 'ENOENT' || !guard.check()) return;
    const path = pathOf(cause, request.root);
    // A listing that failed leaves more uncovered than its handle could tell of.
    if (isHandleFailure(cause)) this.#uncovered.add(path);
    delivery.degrade(errors.watching(cause, path, 'partial'));
  }

  /** A problem of the same turn is told before its end. */
  #regain(path: AbsPath): void {
    this.#context.delivery.flush();
    this.#context.delivery.lose([path], 'uncovered');
  }

  #touch(path: AbsPath, reach: Touch['reach'], hint?: Touch['hint']): void {
    const name = this.#relativeOf(path);
    if (name === null || !this.#isInScope(name)) return;
    if (isRefused(this.#context.request.ignores, name, undefined)) return;
    this.#context.delivery.touch({
      path,
      reach: this.#context.request.scope.kind === 'tree' ? reach : 'entry',
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Asked by chokidar before it spends anything on a path. */
  #isUnwanted(told: string, stats: ChokidarStats | undefined): boolean {
    const name = this.#relativeOf(resolve(told));
    if (name === null) return false;
    if (name === '') return false;
    const type: EntryType | undefined = stats === undefined ? undefined : entryType(stats);
    return !this.#isInScope(name) || isRefused(this.#context.request.ignores, name, type);
  }

  #isInScope(name: string): boolean {
    const { scope } = this.#context.request;
    if (scope.kind === 'tree') return true;
    if (name === '') return scope.kind === 'directory';
    if (name.includes('/')) return false;
    return scope.kind === 'directory' || scope.names.has(name);
  }

  /** Relative to the root with `/`, empty for the root; `null` outside of it. */
  #relativeOf(path: string): string | null {
    const name = relative(this.#context.request.root, path);
    if (name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name)) return null;
    return name.split(sep).join('/');
  }
}

function isHandleFailure(cause: unknown): boolean {
  return (
    cause instanceof Error && 'path' in cause && 'syscall' in cause && cause.syscall === 'watch'
  );
}

function pathOf(cause: unknown, fallback: AbsPath): AbsPath {
  return cause instanceof Error && 'path' in cause && typeof cause.path === 'string'
    ? (resolve(cause.path) as AbsPath)
    : fallback;
}
