import type { WatchError } from '@watchkeeper/core';

/** Paths that were told to be uncovered, until they are told to be covered. */
export class Gaps {
  readonly #paths = new Set<string>();

  /** Notes what a problem leaves uncovered. */
  add({ effect, paths }: WatchError): void {
    if (effect === 'noted') return;
    for (const path of paths) this.#paths.add(path);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Takes out those among `paths`, or all; gives what was taken. */
  take(paths: Iterable<string> = [...this.#paths]): readonly string[] {
    return [...paths].filter((path) => this.#paths.delete(path));
  }
}
