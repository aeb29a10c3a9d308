import { basename, sep } from 'node:path';
import type { AbsPath } from '@watchkeeper/core';
import { turn, type EntryIdentity } from '@watchkeeper/core/backend-kit';
import type { LoadedChokidar } from './chokidar-module.ts';
import { openWatcher, type OpenWatcher } from './open-watcher.ts';

/** Somebody who wants to hear what the handle of a directory tells. */
export interface HandleUser {
  /** An event of the operating system as it came; the name is empty for the directory itself, where that can be told. */
  readonly onRaw: (event: string, name: string | null) => void;
  /** Another directory has the path now: the handle is closed. */
  readonly onStale: () => void;
  /** chokidar is about to lose events of the handle, which is therefore closed: the same directory wants another one. */
  readonly onDoubt: () => void;
  /** The handle failed. */
  readonly onError: (cause: unknown) => void;
}

/** Which directory a handle is for. */
export interface HandleWish {
  readonly path: AbsPath;
  readonly identity: EntryIdentity;
  /** What must be closed before it is opened. */
  readonly after: Promise<void>;
}

/**
 * chokidar on one directory and nothing in it: whatever is below is ignored, so it costs one kernel
 * watch, and its raw events tell what happens to the entries. Files need no handle of their own, so none
 * can die with its file (chokidar issue 1437).
 *
 * The handle does not keep the process alive. chokidar 4 and 5 give such a handle no `error` listener,
 * which is harmless where this is used: libuv reports no asynchronous error of an inotify watch.
 */
export class DirectoryHandle {
  readonly identity: EntryIdentity;
  /** Resolves when the kernel watch exists; rejects with what the system said. */
  readonly opened: Promise<void>;
  readonly #path: AbsPath;
  readonly #users = new Set<HandleUser>();
  #watcher: OpenWatcher | null = null;
  readonly #isTwin: (event: string, name: string | null) => boolean;
  #isOpen = false;
  #isDoubtful = false;
  #holds = 0;
  #closing: Promise<void> | null = null;

  constructor(chokidar: LoadedChokidar, { path, identity, after }: HandleWish) {
    this.#path = path;
    this.identity = identity;
    this.#isTwin = twinTest(chokidar, path);
    const opened = after.then(() => this.#open(chokidar));
    this.opened = opened;
    // Whoever holds it waits for the failure; nobody may hold it any more.
    opened.catch(() => undefined);
  }

  /** Whether it tells what happens. */
  get isWatching(): boolean {
    return this.#isOpen && this.#closing === null;
  }

  get isClosing(): boolean {
    return this.#closing !== null;
  }

  /** Whether chokidar may put another kernel watch in the place of its own, without a word, while it is open. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** Keeps it open until {@link drop}. */
  hold(): void {
    this.#holds += 1;
  }

  /** Lets go; the last one closes it, and waits for that. */
  async drop(user?: HandleUser): Promise<void> {
    if (user !== undefined) this.#users.delete(user);
    this.#holds -= 1;
    if (this.#holds === 0) await this.close();
  }

  /** Starts to tell `user` what happens. */
  attach(user: HandleUser): void {
    this.#users.add(user);
  }

  /** Closes it whoever holds it, and tells them why. */
  expire(): void {
    const users = [...this.#users];
    this.#users.clear();
    void this.close();
    for (const user of users) user.onStale();
  }

  /** Resolves once the event loop has let go of it. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #open(chokidar: LoadedChokidar): Promise<void> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const path = spellingFor(chokidar, this.#path);
    const isSelf = (told: string | undefined): boolean => told === path || told === this.#path;
    const watcher = openWatcher(
      chokidar,
      path,
      {
        persistent: false,
        ignorePermissionErrors: false,
        depth: 0,
        ignored: (told) => !isSelf(told),
        isUnlisted: true,
      },
      {
        error: (cause) => {
          if (!this.#isOpen) reject(cause);
          else if (isOfHandle(cause)) for (const user of [...this.#users]) user.onError(cause);
        },
        raw: (event, name, { watchedPath }) => {
          if (!isSelf(watchedPath)) return;
          for (const user of [...this.#users]) user.onRaw(event, name);
          if (this.#isTwin(event, name)) this.#doubt();
        },
        // Nothing in the directory is chokidar's business, and the directory itself is looked at anyway.
        all: () => undefined,
      },
    );
    this.#watcher = watcher;
    await Promise.race([watcher.ready, failed]);
    this.#isOpen = true;
  }

  /** Closed in this call, chokidar finds nothing that it could replace. While it opens, who waits for it sees to that. */
  #doubt(): void {
    this.#isDoubtful = true;
    if (!this.#isOpen) return;
    const users = [...this.#users];
    this.#users.clear();
    void this.close();
    for (const user of users) user.onDoubt();
  }

  async #shutDown(): Promise<void> {
    try {
      await this.opened;
    } catch {
      // It failed to open: there is nothing else to wait for.
    }
    await this.#watcher?.close();
    // libuv runs close callbacks after the check phase, so the end of this iteration is seen by the second turn.
    await turn();
    await turn();
  }
}

/**
 * With a separator at its end, inotify events about the directory itself have an empty name. Otherwise
 * they have the directory's own, and chokidar 6 then opens the handle anew, somewhat later and even when
 * only a mode has changed: events that wait for the old handle at that moment are lost.
 */
function spellingFor({ major }: LoadedChokidar, path: AbsPath): string {
  return major < 6 || path.endsWith(sep) ? path : path + sep;
}

/**
 * Tells the event after which chokidar 6 looks, somewhat later, for an entry that has its directory's own
 * name; without one it believes that the directory was removed and made again, and puts another kernel
 * watch in the place of its own: events that wait for the old one are lost.
 */
function twinTest(
  { major }: LoadedChokidar,
  path: AbsPath,
): (event: string, name: string | null) => boolean {
  const own = basename(path);
  return (event, name) => major === 6 && event === 'rename' && name === own && own !== '';
}

/** Other errors are those of chokidar's own listing, which is not needed here. */
function isOfHandle(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'watch';
}
