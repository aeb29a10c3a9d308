import { relativeTo } from './abs-path.ts';
import type { AbsPath } from './entry.ts';

/** Paths that could not be looked at the last time, so that each is told once and its recovery is seen. */
export class UnreadablePaths {
  readonly #paths = new Set<string>();

  /** How many there are. */
  get size(): number {
    return this.#paths.size;
  }

  /** Those there are. */
  list(): readonly AbsPath[] {
    return [...new Set([...this.#paths].map((key) => key.slice(1) as AbsPath))];
  }

  /** Notes that a path cannot be read; says whether that is news. */
  add(what: 'entry' | 'listing', path: AbsPath): boolean {
    const before = this.#paths.size;
    this.#paths.add(keyOf(what, path));
    return this.#paths.size > before;
  }

  /** Notes that a path could be read, or is gone; says whether that is news. */
  delete(what: 'entry' | 'listing', path: AbsPath): boolean {
    return this.#paths.size > 0 && this.#paths.delete(keyOf(what, path));
  }

  /** Notes that nothing at or below a path is there any more; says whether that is news. */
  deleteBelow(path: AbsPath): boolean {
    const before = this.#paths.size;
    for (const key of before === 0 ? [] : this.#paths) {
      if (relativeTo(path, key.slice(1)) !== null) this.#paths.delete(key);
    }
    return this.#paths.size < before;
  }
}

/** One character tells both kinds apart: a directory may be seen while its names may not be read. */
function keyOf(what: 'entry' | 'listing', path: AbsPath): string {
  return (what === 'entry' ? 'e' : 'l') + path;
}
