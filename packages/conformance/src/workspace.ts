import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { AbsPath } from '@watchkeeper/core';

/** A temporary directory: `root` is what is watched, and whatever lies beside it is not. */
export class Workspace {
  /** Removed with everything in it by {@link Workspace.dispose}. */
  readonly base: AbsPath;
  /** The directory to watch. Exists. */
  readonly root: AbsPath;

  /** Makes the directories, below the system's directory for temporary files or another one. */
  constructor(directory: string = tmpdir()) {
    this.base = realpathSync(mkdtempSync(join(directory, 'watchkeeper-'))) as AbsPath;
    this.root = join(this.base, 'root') as AbsPath;
    mkdirSync(this.root);
  }

  /** The path of an entry of the root. */
  at(relative: string): AbsPath {
    return join(this.root, relative) as AbsPath;
  }

  /** A path of the root as a relative one with `/`. */
  relative(path: string): string {
    return relative(this.root, path).replaceAll(sep, '/');
  }

  /** The path of an entry beside the root, which no watch covers. */
  outside(relative: string): AbsPath {
    return join(this.base, 'outside', relative) as AbsPath;
  }

  /** Writes a file whole, with the directories above it. */
  write(path: AbsPath, content: string = 'content\n'): AbsPath {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Appends to a file. */
  append(path: AbsPath, content: string = 'more\n'): void {
    appendFileSync(path, content);
  }

  /** Cuts or stretches a file to a size in bytes, by default to nothing. */
  truncate(path: AbsPath, size: number = 0): void {
    truncateSync(path, size);
  }

  /** Makes a directory with those above it. */
  makeDirectory(path: AbsPath): AbsPath {
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Renames an entry, making the directories above its new name. */
  rename(from: AbsPath, to: AbsPath): void {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }

  /** Replaces a file the way editors and deployments do: a new file takes the name. */
  replace(path: AbsPath, content: string = 'replaced\n'): void {
    const temporary = `${path}.tmp` as AbsPath;
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  }

  /** Removes an entry with everything below it. */
  remove(path: AbsPath): void {
    rmSync(path, { recursive: true });
  }

  /** Removes everything, whatever the permissions a case left behind. */
  dispose(): void {
    if (!existsSync(this.base)) return;
    unlock(this.base);
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }
}

function unlock(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) unlock(join(directory, entry.name));
  }
}
