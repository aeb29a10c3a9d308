import { relativeTo } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { WatchError } from './errors.ts';

/** How much the number of uncovered paths must grow to be told again: a limit that a thousand directories run into is told four times. */
export const RETELL_FACTOR = 10;

/** Paths that a backend does not cover, so that all of them are one problem and each is looked at. */
export class UncoveredPaths {
  readonly #root: AbsPath;
  readonly #paths = new Set<AbsPath>();
  #told = 0;
  #code: string | null = null;

  constructor(root: AbsPath) {
    this.#root = root;
  }

  /** How many there are. */
  get size(): number {
    return this.#paths.size;
  }

  /** Those there are. */
  list(): readonly AbsPath[] {
    return [...this.#paths];
  }

  /** Notes what is not covered; gives the problem to tell, or `null` when it was told before. */
  add(error: WatchError): WatchError | null {
    const inside = error.paths.filter((path) => relativeTo(this.#root, path) !== null);
    for (const path of inside.length > 0 ? inside : [this.#root]) this.#cover(path as AbsPath);
    if (error.code === this.#code && this.#paths.size < this.#told * RETELL_FACTOR) return null;
    this.#code = error.code;
    this.#told = this.#paths.size;
    return this.#paths.size === 1 ? error : this.#summary(error);
  }

  /** Notes that everything at or below a path is covered, or gone; says whether that changed anything. */
  delete(path: AbsPath): boolean {
    const before = this.#paths.size;
    for (const one of this.#paths) if (relativeTo(path, one) !== null) this.#paths.delete(one);
    if (this.#paths.size === 0) this.#forgetTold();
    return this.#paths.size < before;
  }

  /** Adds a path, unless one above it is there; takes the place of those below it. */
  #cover(path: AbsPath): void {
    for (const one of this.#paths) {
      if (relativeTo(one, path) !== null) return;
      if (relativeTo(path, one) !== null) this.#paths.delete(one);
    }
    this.#paths.add(path);
  }

  #forgetTold(): void {
    this.#told = 0;
    this.#code = null;
  }

  #summary(error: WatchError): WatchError {
    const { code, retryable, backend, remedy } = error;
    const [first] = this.#paths;
    const what = `${this.#paths.size} places below ${this.#root}, ${first} the first of them`;
    return new WatchError(`${backend} does not cover ${what}: they are looked at every second`, {
      ...{ code, retryable, backend, effect: 'partial', paths: this.list(), cause: error },
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}
