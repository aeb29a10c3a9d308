import { readdirSync, type BigIntStats } from 'node:fs';
import { sep } from 'node:path';
import { isWatchError, type OpenRequest, type WatchError } from '@watchkeeper/core';
import { isAbsence, isSameEntry, readStats } from '@watchkeeper/core/backend-kit';
import type { HandlePool } from './handle-pool.ts';
import { COVERING_AT_ONCE } from './options.ts';
import { errors, isLimit, pathUnsupported } from './watch-failure.ts';
import { WatchedDirectory } from './watched-directory.ts';
import { WorkQueue } from './work-queue.ts';

/** What a tree tells its owner. */
export interface TreeEvents {
  readonly onEvent: (directory: WatchedDirectory, event: string, name: string | null) => void;
  /** A directory that appeared while the tree was live is now watched: its entries are to be looked at. */
  readonly onCovered: (directory: WatchedDirectory) => void;
  /** A directory that was told to have no handle is now watched, with all that is below or will be visited. */
  readonly onRegained: (directory: WatchedDirectory) => void;
  /** The path of a directory that was watched has another one, or none. */
  readonly onReplaced: (directory: WatchedDirectory) => void;
  /** These directories have no handle; told once for each. */
  readonly onUncovered: (problems: readonly WatchError[]) => void;
  readonly onRootGone: () => void;
}

/**
 * One handle per directory. A directory gets its handle first and is listed afterwards, so what was put
 * into it before the handle existed is found by the listing; chokidar 4 and 5 by themselves list first.
 * inotify handles follow the inode, so a directory that leaves its name loses its handle at once and is
 * watched anew where it turns up.
 */
export class DirectoryTree {
  readonly root: WatchedDirectory;
  readonly #request: OpenRequest;
  readonly #pool: HandlePool;
  readonly #events: TreeEvents;
  readonly #queue: WorkQueue<WatchedDirectory>;
  readonly #deep: boolean;
  readonly #uncovered = new Set<WatchedDirectory>();
  readonly #releasing = new Set<Promise<void>>();
  #problems: WatchError[] = [];
  #failure: WatchError | null = null;
  #isLive = false;

  constructor(request: OpenRequest, pool: HandlePool, events: TreeEvents) {
    this.#request = request;
    this.#pool = pool;
    this.#events = events;
    this.#deep = request.scope.kind === 'tree';
    this.root = new WatchedDirectory(request.root, '', '', null);
    this.#queue = new WorkQueue(
      COVERING_AT_ONCE,
      (directory) => this.#visit(directory),
      () => this.#tellProblems(),
    );
  }

  /** Watches what exists. Rejects with a {@link WatchError} when the root or a limit does not allow it. */
  async open(): Promise<void> {
    this.#queue.add(this.root);
    await this.#queue.whenIdle();
    if (this.#failure !== null) throw this.#failure;
    this.#isLive = true;
    this.#tellProblems();
  }

  /**
   * Adapts to what the name `name` in `directory` is now: `stats`, or `null` for nothing. Says whether a
   * directory that was watched under the name is gone from it, with everything below.
   */
  reconcile(directory: WatchedDirectory, name: string, stats: BigIntStats | null): boolean {
    if (!this.#deep) return false;
    const known = directory.children.get(name);
    const isDirectory = stats?.isDirectory() === true;
    if (known !== undefined) {
      const isUnchanged =
        isDirectory &&
        (known.lease === null || isSameEntry(known.lease.identity, stats)) &&
        // Without birth times a re-created directory may look the same; watching anew is always right.
        stats.birthtimeNs !== 0n;
      if (isUnchanged) {
        if (known.isUncovered) this.#queue.add(known);
        return false;
      }
      this.#drop(known);
    }
    if (isDirectory) this.#queue.add(directory.add(name));
    return known !== undefined;
  }

  /** Lists every directory again, after events were lost. */
  revisitAll(): void {
    const pending = [this.root];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      this.#queue.add(directory);
      pending.push(...directory.children.values());
    }
  }

  /** Tries the directories again that could not be watched. */
  retryUncovered(): void {
    for (const directory of this.#uncovered) this.#queue.add(directory);
  }

  /** Resolves when every directory that is known of is watched and listed. */
  whenCovered(): Promise<void> {
    return this.#queue.whenIdle();
  }

  /** Gives every handle back; resolves when those nobody else uses are closed. */
  async close(): Promise<void> {
    const done = this.#queue.close();
    this.#drop(this.root);
    await done;
    await Promise.all(this.#releasing);
  }

  /** Never rejects. */
  async #visit(directory: WatchedDirectory): Promise<void> {
    if (directory.isDropped) return;
    try {
      if (directory.lease === null && !(await this.#cover(directory))) return;
      if (this.#deep) this.#list(directory);
    } catch (cause) {
      this.#fail(directory, cause);
      return;
    }
    this.#uncovered.delete(directory);
    const wasUncovered = directory.isUncovered;
    directory.isUncovered = false;
    if (!this.#isLive) return;
    if (wasUncovered) this.#regain(directory);
    else this.#events.onCovered(directory);
  }

  /** Gets a handle on the directory that now has the path; `false` when there is nothing to watch. */
  async #cover(directory: WatchedDirectory): Promise<boolean> {
    const { path } = directory;
    if (sep === '/' && path.includes('\\')) {
      throw pathUnsupported(path, directory.parent === null ? 'closed' : 'partial');
    }
    const lease = await this.#pool.acquire(path, {
      onRaw: (event, name) => {
        if (!directory.isDropped) this.#events.onEvent(directory, event, name);
      },
      onStale: () => this.#replace(directory),
      onDoubt: () => this.#renew(directory),
      onError: (cause) => {
        if (!directory.isDropped) this.#fail(directory, cause);
      },
    });
    directory.lease = lease;
    const { identity: was } = directory;
    if (directory.isDropped) this.#release(directory);
    else if (lease === null) this.#lose(directory);
    else if (was !== null && !isSameEntry(was, lease.identity)) this.#replace(directory);
    else {
      directory.identity = lease.identity;
      return true;
    }
    return false;
  }

  #list(directory: WatchedDirectory): void {
    const seen = new Set<string>();
    for (const entry of readdirSync(directory.path, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      if (this.#request.ignores(directory.relativeOf(entry.name), 'directory')) continue;
      seen.add(entry.name);
      const known = directory.children.get(entry.name);
      if (known === undefined) this.#queue.add(directory.add(entry.name));
      else if (this.#isLive && this.reconcile(directory, entry.name, readStats(known.path))) {
        this.#events.onReplaced(known);
      }
    }
    for (const child of directory.children.values()) {
      if (seen.has(child.name)) continue;
      this.#drop(child);
      if (this.#isLive) this.#events.onReplaced(child);
    }
  }

  /** Watches and lists it again; what is below keeps its handles. */
  #renew(directory: WatchedDirectory): void {
    this.#release(directory);
    if (!directory.isDropped) this.#queue.add(directory);
  }

  #replace(directory: WatchedDirectory): void {
    this.#release(directory);
    if (directory.isDropped) return;
    this.#lose(directory);
    if (directory.parent !== null) this.#queue.add(directory.parent.add(directory.name));
  }

  #fail(directory: WatchedDirectory, cause: unknown): void {
    if (directory.isDropped) return;
    if (isAbsence(cause)) {
      this.#lose(directory);
      return;
    }
    const problem = toProblem(cause, directory.path, directory.parent === null);
    if (!this.#isLive && (directory.parent === null || isLimit(problem.code))) {
      this.#failure ??= toProblem(cause, this.root.path, true);
      void this.#queue.close();
      return;
    }
    this.#release(directory);
    for (const child of directory.children.values()) this.#drop(child);
    this.#uncovered.add(directory);
    // Told once, however often it is tried again.
    if (!directory.isUncovered) this.#problems.push(problem);
    directory.isUncovered = true;
    // Nothing is worked on when a handle that was open fails.
    void this.#queue.whenIdle().then(() => this.#tellProblems());
  }

  /** What was not told yet must not be told after its end. */
  #regain(directory: WatchedDirectory): void {
    this.#problems = this.#problems.filter(({ paths }) => !paths.includes(directory.path));
    this.#events.onRegained(directory);
  }

  /** All that is not covered in one go, however many directories there are. */
  #tellProblems(): void {
    if (!this.#isLive || this.#problems.length === 0) return;
    const problems = this.#problems;
    this.#problems = [];
    this.#events.onUncovered(problems);
  }

  /** The path holds no directory any more. Its parent's event has said so, or will; what was in one that was watched is told here. */
  #lose(directory: WatchedDirectory): void {
    if (directory.parent === null) {
      this.#events.onRootGone();
      return;
    }
    this.#drop(directory);
    if (directory.identity !== null) this.#events.onReplaced(directory);
  }

  #drop(directory: WatchedDirectory): void {
    const pending = [directory];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      next.isDropped = true;
      this.#release(next);
      this.#uncovered.delete(next);
      pending.push(...next.children.values());
    }
    const { parent, name } = directory;
    if (parent?.children.get(name) === directory) parent.children.delete(name);
  }

  #release(directory: WatchedDirectory): void {
    const { lease } = directory;
    if (lease === null) return;
    directory.lease = null;
    const released = lease.release().finally(() => this.#releasing.delete(released));
    this.#releasing.add(released);
  }
}

function toProblem(cause: unknown, path: string, isWhole: boolean): WatchError {
  if (isWatchError(cause)) return cause;
  return errors.watching(cause, path, isWhole ? 'closed' : 'partial');
}
