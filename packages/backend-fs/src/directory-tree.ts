import { readdirSync, type BigIntStats } from 'node:fs';
import type { OpenRequest, WatchError } from '@watchkeeper/core';
import { isAbsence, isSameEntry, readStats } from '@watchkeeper/core/backend-kit';
import { DirectoryQueue } from './directory-queue.ts';
import { DirectorySigns } from './directory-signs.ts';
import type { HandleListener, HandleSet } from './handle-set.ts';
import { errors, isLimit } from './watch-failure.ts';
import { WatchedDirectory } from './watched-directory.ts';

/** Tries to catch a directory that is replaced while its handle is opened; each try needs another replacement to fail. */
const COVER_TRIES = 4;

/** What a tree tells its owner. */
export interface TreeEvents {
  onEvent(directory: WatchedDirectory, ...event: Parameters<HandleListener>): void;
  /** A directory that appeared while the tree was live is now watched: its entries are to be looked at. */
  onCovered(directory: WatchedDirectory): void;
  /** A directory that had no handle has one again: whatever is below it may have changed unseen. */
  onRegained(directory: WatchedDirectory): void;
  /** A directory has no handle. Thrown out of `start` instead when the reason is a limit. */
  onUncovered(error: WatchError): void;
  onRootGone(): void;
}

/**
 * One handle per directory. A new directory gets its handle first and is listed afterwards, so what
 * was put into it before the handle existed is found by the listing (a duplicate is normal).
 * inotify handles follow the inode, so a directory that leaves its name loses its handles at once and
 * is opened anew where it turns up.
 */
export class DirectoryTree {
  readonly root: WatchedDirectory;
  readonly #request: OpenRequest;
  readonly #handles: Pick<HandleSet, 'open' | 'close'>;
  readonly #events: TreeEvents;
  readonly #queue: DirectoryQueue;
  readonly #deep: boolean;
  readonly #signs: DirectorySigns;
  readonly #uncovered = new Set<WatchedDirectory>();
  #live = false;
  /** Why the opening fails: noted where it is found, which may be inside an event, and thrown by `start`. */
  #failure: WatchError | null = null;

  constructor(
    request: OpenRequest,
    handles: Pick<HandleSet, 'open' | 'close'>,
    sliceMs: number,
    events: TreeEvents,
  ) {
    this.#request = request;
    this.#handles = handles;
    this.#events = events;
    this.#deep = request.scope.kind === 'tree';
    this.#signs = new DirectorySigns(request);
    this.root = new WatchedDirectory(request.root, '', '', null);
    this.#queue = new DirectoryQueue(request.clock, sliceMs, (directory) => this.#visit(directory));
    this.#queue.add(this.root);
  }

  /** Watches what exists, one slice per call; `true` once all of it has its handle. Throws a {@link WatchError}. */
  start(): boolean {
    this.#queue.runSlice();
    if (this.#failure !== null) throw this.#failure;
    if (!this.#queue.isEmpty) return false;
    this.#live = true;
    return true;
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
      const unchanged =
        isDirectory &&
        (known.identity === null || isSameEntry(known.identity, stats)) &&
        // Without birth times a re-created directory may look the same; opening anew is always right.
        stats.birthtimeNs !== 0n;
      if (unchanged) {
        if (known.uncovered !== null) this.#enqueue(known);
        return false;
      }
      this.#drop(known);
    }
    if (isDirectory) this.#enqueue(directory.add(name));
    return known !== undefined;
  }

  /** Lists every directory again, after events were lost. */
  revisitAll(): void {
    const pending = [this.root];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      this.#enqueue(directory);
      pending.push(...directory.children.values());
    }
  }

  /** Tries the directories again that have no handle, whatever the reason. */
  retryUncovered(): void {
    for (const directory of this.#uncovered) this.#enqueue(directory);
  }

  /** Resolves when every directory that is known of was watched and listed. */
  whenCovered(): Promise<void> {
    return this.#queue.whenEmpty();
  }

  close(): void {
    this.#queue.close();
    this.#uncovered.clear();
  }

  #enqueue(directory: WatchedDirectory): void {
    this.#queue.add(directory);
    if (this.#live) this.#queue.schedule();
  }

  #visit(directory: WatchedDirectory): void {
    try {
      const found = directory.handle === null ? this.#cover(directory) : undefined;
      if (found === null) return;
      if (this.#deep) this.#list(directory, found);
    } catch (cause) {
      this.#fail(directory, cause);
      return;
    }
    this.#uncovered.delete(directory);
    const was = directory.uncovered;
    directory.uncovered = null;
    if (!this.#live) return;
    if (was === null) this.#events.onCovered(directory);
    else this.#events.onRegained(directory);
  }

  /**
   * Opens a handle that is certainly on the directory which now has the path: the same before and after,
   * or long since. Gives what was read of it afterwards; `null` when there is none.
   */
  #cover(directory: WatchedDirectory): BigIntStats | null {
    for (let tries = 0; tries < COVER_TRIES; tries += 1) {
      // A stat less for each directory of a tree that is opened, of which most are old.
      const byAge = tries === 0 && !this.#live && this.#signs.trusted;
      const wallMs = this.#request.clock.wallNow();
      const before = byAge ? null : readStats(directory.path);
      if (!byAge && before?.isDirectory() !== true) break;
      const handle = this.#handles.open({
        path: directory.path,
        recursive: false,
        onEvent: (event, name) => {
          if (!directory.dropped) this.#events.onEvent(directory, event, name);
        },
        onError: (error) => {
          if (!directory.dropped) this.#fail(directory, error);
        },
      });
      const after = readStats(directory.path);
      if (
        after?.isDirectory() === true &&
        (before === null ? this.#signs.stoodAt(after, wallMs) : isSameEntry(before, after))
      ) {
        const { dev, ino, birthtimeNs } = after;
        directory.handle = handle;
        directory.identity = { dev, ino, birthtimeNs };
        if (directory === this.root) this.#signs.useRoot(after);
        return after;
      }
      this.#handles.close(handle);
    }
    this.#lose(directory);
    return null;
  }

  /** Finds the directories in a directory; `found` was read of it after its handle was opened. */
  #list(directory: WatchedDirectory, found: BigIntStats | undefined): void {
    const isLeaf = found !== undefined && this.#signs.isLeaf(found);
    if (isLeaf && directory.children.size === 0) return;
    const seen = new Set<string>();
    const entries = isLeaf ? [] : readdirSync(directory.path, { withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      if (this.#request.ignores(directory.relativeOf(entry.name), 'directory')) continue;
      seen.add(entry.name);
      const known = directory.children.get(entry.name);
      if (known === undefined) this.#enqueue(directory.add(entry.name));
      else if (this.#live) this.reconcile(directory, entry.name, readStats(known.path));
    }
    for (const child of directory.children.values()) {
      if (!seen.has(child.name)) this.#drop(child);
    }
  }

  #fail(directory: WatchedDirectory, cause: unknown): void {
    if (isAbsence(cause)) {
      this.#lose(directory);
      return;
    }
    const error = errors.watching(cause, directory.path, 'partial');
    const limit = isLimit(error.code);
    if (!this.#live && (limit || directory === this.root)) {
      this.#failure ??= errors.watching(cause, directory.path);
      this.#queue.close();
      return;
    }
    this.#closeHandle(directory);
    for (const child of directory.children.values()) this.#drop(child);
    this.#uncovered.add(directory);
    // Told once, however often it is tried again.
    if (directory.uncovered === null) this.#events.onUncovered(error);
    directory.uncovered = limit ? 'limit' : 'failure';
  }

  /** The path holds no directory any more. Its parent's event has said so, or will. */
  #lose(directory: WatchedDirectory): void {
    if (directory.parent === null) this.#events.onRootGone();
    else this.#drop(directory);
  }

  #drop(directory: WatchedDirectory): void {
    const pending = [directory];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      next.dropped = true;
      this.#closeHandle(next);
      this.#uncovered.delete(next);
      pending.push(...next.children.values());
    }
    directory.parent?.remove(directory);
  }

  #closeHandle(directory: WatchedDirectory): void {
    if (directory.handle !== null) this.#handles.close(directory.handle);
    directory.handle = null;
  }
}
