import type { Clock } from '@watchkeeper/core';
import { isSameEntry, type EntryIdentity } from '@watchkeeper/core/backend-kit';
import { BindingHub } from './binding-hub.ts';
import type { NativeBinding } from './native-binding.ts';
import { NativeRoot } from './native-root.ts';
import type { Preflight } from './preflight.ts';

/** Which root a member wants to join. */
export interface RootWish {
  /** The real path. */
  readonly path: string;
  readonly identity: EntryIdentity;
  readonly platform: NodeJS.Platform;
  readonly sliceMs: number;
  readonly clock: Clock;
}

/** The roots that are watched through one binding: one each, whoever asks. */
export class RootRegistry {
  readonly #hub: BindingHub;
  readonly #preflight: Preflight;
  readonly #roots = new Map<string, NativeRoot>();

  constructor(binding: NativeBinding, preflight: Preflight) {
    this.#hub = new BindingHub(binding, preflight);
    this.#preflight = preflight;
  }

  /** The root of a path; another directory that had the path before is ended first. */
  rootAt(wish: RootWish): NativeRoot {
    const known = this.#roots.get(wish.path);
    if (known !== undefined && isSameEntry(known.identity, wish.identity)) return known;
    known?.expire();
    const root = new NativeRoot({
      ...wish,
      hub: this.#hub,
      preflight: this.#preflight,
      after: known?.settled ?? Promise.resolve(),
      onIdle: (idle) => {
        if (this.#roots.get(wish.path) === idle) this.#roots.delete(wish.path);
      },
    });
    this.#roots.set(wish.path, root);
    return root;
  }
}
