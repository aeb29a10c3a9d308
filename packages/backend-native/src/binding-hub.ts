import { turn } from '@watchkeeper/core/backend-kit';
import {
  ENGINES,
  type NativeBinding,
  type NativeCallback,
  type NativeEngine,
  type NativeHandle,
} from './native-binding.ts';
import type { Preflight } from './preflight.ts';

/** A name no snapshot has. */
const NO_SNAPSHOT = '.watchkeeper-no-such-snapshot';

/** Why a tainted directory is refused. */
const STALE_TREE =
  '@parcel/watcher kept a stale tree of it, which goes when nothing in this process is watched through it any more';

/**
 * The one caller of a binding in this thread. Calls run one after another and never from inside an
 * event callback: the binding deadlocks and crashes otherwise (parcel-bundler/watcher issues 135,
 * 264).
 *
 * It also knows what the binding does not tell. When a directory of a tree was moved out and removed,
 * unsubscribing fails half-way, and the leftovers pin the tree that the binding keeps per directory;
 * a new subscription there would take that stale tree for the truth and miss every directory that is
 * not in it. Such a directory is *tainted* until the binding's thread ends, which it does when
 * nothing is subscribed any more.
 */
export class BindingHub {
  /** The same in every call: each engine has a thread of its own, and is ended by its own name. */
  readonly #engine: { readonly backend?: NativeEngine };
  readonly #binding: NativeBinding;
  readonly #preflight: Preflight;
  readonly #tainted = new Set<string>();
  #live = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(binding: NativeBinding, preflight: Preflight) {
    const engine = ENGINES[process.platform];
    this.#engine = engine === undefined ? {} : { backend: engine };
    this.#binding = binding;
    this.#preflight = preflight;
  }

  /** Whether half a subscription of a directory is left: it cannot be subscribed until everything is let go. */
  isStale(directory: string): boolean {
    return this.#tainted.has(directory);
  }

  /** Subscribes after all other calls. Rejects with what the system or the binding says. */
  subscribe(
    directory: string,
    callback: NativeCallback,
    ignore: readonly string[],
  ): Promise<NativeHandle> {
    return this.#run(async () => {
      if (this.isStale(directory)) throw new Error(STALE_TREE);
      this.#preflight.assertWatchable(directory);
      if (this.#live === 0) await this.#preflight.assertInstanceLeft(directory);
      try {
        const handle = await this.#binding.subscribe(directory, callback, {
          ...this.#engine,
          ignore: [...ignore],
        });
        this.#live += 1;
        return handle;
      } catch (error) {
        // Half a subscription pins its tree as long as the binding's thread lives.
        if (this.#live > 0) this.#tainted.add(directory);
        throw error;
      }
    });
  }

  /** Unsubscribes after all other calls. Never rejects. */
  unsubscribe(directory: string, handle: NativeHandle): Promise<void> {
    return this.#run(async () => {
      let isClean = true;
      try {
        await handle.unsubscribe();
      } catch {
        // "Unable to remove watcher": the binding stopped half-way, and offers no second try.
        isClean = false;
        this.#tainted.add(directory);
      }
      this.#live -= 1;
      if (this.#live > 0) return;
      if (!isClean) await this.#endThread(directory);
      this.#tainted.clear();
    });
  }

  /** Makes the binding let its thread go, and every leftover with it: a failed unsubscribing skipped that. */
  async #endThread(directory: string): Promise<void> {
    try {
      // A snapshot that does not exist fails before a tree is read, and ends with the wanted check.
      await this.#binding.getEventsSince(directory, `${directory}/${NO_SNAPSHOT}`, this.#engine);
    } catch {
      // The failure is the purpose.
    }
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(turn).then(work);
    this.#last = result.then(
      () => undefined,
      // The caller gets the failure; those who wait their turn do not.
      () => undefined,
    );
    return result;
  }
}
