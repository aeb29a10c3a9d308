import type { AbsPath } from '@watchkeeper/core';
import { isSameEntry, readStats, type EntryIdentity } from '@watchkeeper/core/backend-kit';
import type { LoadedChokidar } from './chokidar-module.ts';
import { DirectoryHandle, type HandleUser } from './directory-handle.ts';

/** Tries to catch a directory that is replaced, or gets or loses an entry of its own name, while its handle is opened; each try needs another such event to fail. */
const ACQUIRE_TRIES = 4;

/** The right to hear a handle. */
export interface Lease {
  /** The directory that is watched. */
  readonly identity: EntryIdentity;
  /** Gives it back; resolves when the handle is closed, if this was the last lease. */
  release(): Promise<void>;
}

/**
 * The directory handles of one chokidar module: one per path, whoever asks. chokidar 6 shares kernel
 * handles by path between all its watchers, so a handle on a directory that is gone would be given to
 * everybody who watches its successor; here it is closed first.
 */
export class HandlePool {
  readonly #chokidar: LoadedChokidar;
  readonly #handles = new Map<AbsPath, DirectoryHandle>();
  readonly #closing = new Map<AbsPath, Promise<void>>();

  constructor(chokidar: LoadedChokidar) {
    this.#chokidar = chokidar;
  }

  /**
   * Watches the directory that certainly has the path when this resolves; `null` when there is none.
   * Rejects with what the system says.
   */
  async acquire(path: AbsPath, user: HandleUser): Promise<Lease | null> {
    for (let tries = 0; tries < ACQUIRE_TRIES; tries += 1) {
      const before = readStats(path);
      if (before === null || !before.isDirectory()) return null;
      const handle = this.#handleAt(path, before);
      handle.hold();
      const isLast = tries === ACQUIRE_TRIES - 1;
      // Whoever makes and removes such an entry that fast goes on, and the next event brings another handle.
      if ((await this.#isOnPath(path, handle)) && (!handle.isDoubtful || isLast)) {
        handle.attach(user);
        return { identity: handle.identity, release: () => this.#drop(path, handle, user) };
      }
      this.#retire(path, handle);
      handle.expire();
      await this.#drop(path, handle);
    }
    return null;
  }

  async #isOnPath(path: AbsPath, handle: DirectoryHandle): Promise<boolean> {
    try {
      await handle.opened;
      const now = readStats(path);
      if (!handle.isWatching || now === null) return false;
      return now.isDirectory() && isSameEntry(now, handle.identity);
    } catch (cause) {
      await this.#drop(path, handle);
      throw cause;
    }
  }

  #handleAt(path: AbsPath, identity: EntryIdentity): DirectoryHandle {
    const known = this.#handles.get(path);
    if (known !== undefined) {
      if (!known.isClosing && isSameEntry(known.identity, identity)) return known;
      this.#retire(path, known);
      known.expire();
    }
    const after = this.#closing.get(path) ?? Promise.resolve();
    const handle = new DirectoryHandle(this.#chokidar, { path, identity, after });
    this.#handles.set(path, handle);
    return handle;
  }

  /** Takes a handle out, so that the next one on its path waits until it is closed. */
  #retire(path: AbsPath, handle: DirectoryHandle): void {
    if (this.#handles.get(path) !== handle) return;
    this.#handles.delete(path);
    const closed = handle.close().then(() => {
      if (this.#closing.get(path) === closed) this.#closing.delete(path);
    });
    this.#closing.set(path, closed);
  }

  async #drop(path: AbsPath, handle: DirectoryHandle, user?: HandleUser): Promise<void> {
    const dropped = handle.drop(user);
    if (handle.isClosing) this.#retire(path, handle);
    await dropped;
  }
}
