import { relativeTo } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import type { WatchError } from './errors.ts';

/** What could not be read of a path: the entry itself, or the names in a directory. */
export type Unread = 'entry' | 'listing';

/** Paths that could not be looked at the last time, so that each is told once and its recovery is seen. */
export class UnreadablePaths {
  readonly #paths = new Set<string>();
  readonly #news: (error?: WatchError) => void;

  /** `news` is called with the error of a path that is new here, and without one when a path left. */
  constructor(news: (error?: WatchError) => void) {
    this.#news = news;
  }

  /** How many there are. */
  get size(): number {
    return this.#paths.size;
  }

  /** Those there are. */
  list(): readonly AbsPath[] {
    return [...new Set([...this.#paths].map((key) => key.slice(1) as AbsPath))];
  }

  /** Whether a path, or one above it, cannot be read. */
  has(path: AbsPath): boolean {
    for (const key of this.#paths) if (relativeTo(key.slice(1), path) !== null) return true;
    return false;
  }

  /** Notes that a path cannot be read. */
  add(what: Unread, path: AbsPath, error: WatchError): void {
    const key = keyOf(what, path);
    if (this.#paths.has(key)) return;
    this.#paths.add(key);
    this.#news(error);
  }

  /** Notes that a path could be read. */
  delete(what: Unread, path: AbsPath): void {
    if (this.#paths.size > 0 && this.#paths.delete(keyOf(what, path))) this.#news();
  }

  /** Notes that nothing at or below a path is there any more. */
  deleteBelow(path: AbsPath): void {
    const before = this.#paths.size;
    if (before === 0) return;
    for (const key of this.#paths) {
      if (relativeTo(path, key.slice(1)) !== null) this.#paths.delete(key);
    }
    if (this.#paths.size < before) this.#news();
  }
}

/** One character tells both kinds apart: a directory may be seen while its names may not be read. */
function keyOf(what: Unread, path: AbsPath): string {
  return (what === 'entry' ? 'e' : 'l') + path;
}
