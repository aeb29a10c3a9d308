import { watch, type FSWatcher } from 'node:fs';
import { turn } from '@watchkeeper/core/backend-kit';

/** What a handle tells. `name` is relative to the watched directory, or `null` when events were dropped. */
export type HandleListener = (event: 'rename' | 'change', name: string | null) => void;

/** How a directory is to be watched. */
export interface HandleRequest {
  readonly path: string;
  readonly recursive: boolean;
  readonly onEvent: HandleListener;
  readonly onError: (error: Error) => void;
}

/** The `fs.watch` handles of one subscription: none is ever without an `error` listener, all share one ref state. */
export class HandleSet {
  readonly #handles = new Set<FSWatcher>();
  #referenced: boolean;

  constructor(referenced: boolean) {
    this.#referenced = referenced;
  }

  get size(): number {
    return this.#handles.size;
  }

  /** Opens a handle; throws the system error when that fails. */
  open(request: HandleRequest): FSWatcher {
    const handle = watch(
      request.path,
      { persistent: this.#referenced, recursive: request.recursive },
      request.onEvent,
    );
    handle.on('error', request.onError);
    this.#handles.add(handle);
    return handle;
  }

  close(handle: FSWatcher): void {
    if (this.#handles.delete(handle)) handle.close();
  }

  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    for (const handle of this.#handles) {
      if (referenced) handle.ref();
      else handle.unref();
    }
  }

  /** Closes all; resolves once the event loop has let go of them. */
  async closeAll(): Promise<void> {
    if (this.#handles.size === 0) return;
    for (const handle of this.#handles) handle.close();
    this.#handles.clear();
    // libuv runs close callbacks after the check phase, so the end of this iteration is seen by the second turn.
    await turn();
    await turn();
  }
}
