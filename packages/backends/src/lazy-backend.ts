import {
  isWatchError,
  WatchError,
  type Capabilities,
  type OpenRequest,
  type Place,
  type Probe,
  type Sink,
  type Subscription,
  type WatchBackend,
} from '@watchkeeper/core';
import { loadBackend, type BackendOptions } from './load-backend.ts';

/** Stands for a backend whose module is imported by the first `probe()` or `open()`. */
export class LazyBackend implements WatchBackend {
  readonly name: string;
  readonly #options: BackendOptions | undefined;
  #loading: Promise<WatchBackend> | null = null;
  #loaded: WatchBackend | null = null;

  constructor(name: string, options: BackendOptions | undefined) {
    this.name = name;
    this.#options = options;
  }

  async probe(): Promise<Probe> {
    try {
      const backend = await this.#load();
      return await backend.probe();
    } catch (cause) {
      // A probe never rejects: whatever a module of somebody else throws becomes its answer.
      return { usable: false, error: this.#toWatchError(cause) };
    }
  }

  capabilities(place: Place): Capabilities {
    if (this.#loaded === null) {
      throw new WatchError(`The backend "${this.name}" was asked before it was probed`, {
        code: 'ERR_WATCH_BACKEND_FAILED',
        backend: this.name,
        paths: [place.path],
      });
    }
    return this.#loaded.capabilities(place);
  }

  async open(request: OpenRequest, sink: Sink): Promise<Subscription> {
    const backend = await this.#load();
    return backend.open(request, sink);
  }

  async #load(): Promise<WatchBackend> {
    // A failed import is tried again: the module may be installed while the process runs.
    this.#loading ??= loadBackend(this.name, this.#options).catch((cause: unknown) => {
      this.#loading = null;
      throw this.#toWatchError(cause);
    });
    this.#loaded = await this.#loading;
    return this.#loaded;
  }

  #toWatchError(cause: unknown): WatchError {
    if (isWatchError(cause)) return cause;
    const isRefusal = cause instanceof TypeError;
    return new WatchError(`The backend "${this.name}" cannot be used: ${String(cause)}`, {
      code: 'ERR_WATCH_BACKEND_FAILED',
      backend: this.name,
      ...(isRefusal ? { remedy: `correct "options" of "${this.name}" in the config` } : {}),
      cause,
    });
  }
}
