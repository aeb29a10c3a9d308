import { posix } from 'node:path';
import type { Operation } from './operation.ts';

/** What is imagined to be under a path. */
type Imagined = 'file' | 'directory' | 'symlink';

/**
 * What a program may have made so far, by name alone. It need not be right: it lets a program
 * choose paths that are likely to be there, and the file system decides.
 */
export class ImaginedTree {
  readonly #inside = new Map<string, Imagined>();
  readonly #outside = new Map<string, Imagined>();

  /** Paths of one kind, or all. */
  paths(kind?: Imagined): readonly string[] {
    return [...this.#inside].filter(([, is]) => kind === undefined || is === kind).map(([p]) => p);
  }

  /** Directories in which something can be made; the root is the empty path. */
  directories(): readonly string[] {
    return ['', ...this.paths('directory')];
  }

  /** Paths that were moved out. */
  outside(): readonly string[] {
    return [...this.#outside.keys()];
  }

  /** Takes in that an operation is done. */
  apply({ kind, path, other }: Operation): void {
    if (kind === 'mkdir') this.#makeDirectory(path);
    else if (kind === 'write' || kind === 'replace-by-rename') this.#set(path, 'file');
    else if (kind === 'symlink') this.#set(path, 'symlink');
    else if (kind === 'hard-link') this.#set(other, this.#inside.get(path));
    else if (kind === 'rename') move(this.#inside, path, this.#inside, other);
    else if (kind === 'move-out') move(this.#inside, path, this.#outside, other);
    else if (kind === 'move-in') move(this.#outside, other, this.#inside, path);
    else if (kind === 'remove') take(this.#inside, path);
  }

  #set(path: string, kind: Imagined | undefined): void {
    const parent = posix.dirname(path);
    if (parent !== '.' && this.#inside.get(parent) !== 'directory') return;
    if (kind !== undefined && !this.#inside.has(path)) this.#inside.set(path, kind);
  }

  #makeDirectory(path: string): void {
    const parent = posix.dirname(path);
    if (parent !== '.') this.#makeDirectory(parent);
    this.#set(path, 'directory');
  }
}

function take(tree: Map<string, Imagined>, top: string): readonly (readonly [string, Imagined])[] {
  const taken = [...tree].filter(([path]) => path === top || path.startsWith(`${top}/`));
  for (const [path] of taken) tree.delete(path);
  return taken;
}

function move(
  from: Map<string, Imagined>,
  path: string,
  to: Map<string, Imagined>,
  target: string,
): void {
  if (!from.has(path) || (from === to && `${target}/`.startsWith(`${path}/`))) return;
  const taken = take(from, path);
  take(to, target);
  for (const [one, kind] of taken) to.set(target + one.slice(path.length), kind);
}
