import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

import type { TranscriptFile, TranscriptProvider } from '@watchkeeper/transcript';

/** A transcript and what its path tells. */
export interface FoundTranscript {
  /** Absolute path. */
  readonly path: string;
  readonly provider: TranscriptProvider;
  readonly file: TranscriptFile;
}

/** A transcript with its stat, as a walk finds it. */
export interface WalkedTranscript extends FoundTranscript {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** Nanoseconds since the epoch, as a decimal string. */
  readonly mtimeNs: string;
}

/** What a walk could not do. */
export type WalkFailure = (path: string, error: unknown) => void;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Knows which files below the roots are transcripts. */
export class TranscriptFinder {
  readonly roots: readonly string[];
  readonly #providers: readonly TranscriptProvider[];

  constructor(roots: readonly string[], providers: readonly TranscriptProvider[]) {
    this.roots = [...new Set(roots.map((root) => resolve(root)))];
    this.#providers = providers;
  }

  /** What a path below a root is, or `null` when it is no transcript. */
  classify(root: string, path: string): FoundTranscript | null {
    const known = this.classifyBelow(relative(root, path));
    return known === null ? null : { path, ...known };
  }

  /** What a path relative to a root is, or `null` when it is no transcript. */
  classifyBelow(below: string): Omit<FoundTranscript, 'path'> | null {
    for (const provider of this.#providers) {
      const file = provider.classify(below);
      if (file !== null) return { provider, file };
    }
    return null;
  }

  /** The root that a path lies below, or `null`. */
  rootOf(path: string): string | null {
    return (
      this.roots.find((root) => path.startsWith(root.endsWith(sep) ? root : root + sep)) ?? null
    );
  }

  /** Whether something is at this path. */
  async exists(path: string): Promise<boolean> {
    try {
      await stat(path);
      return true;
    } catch {
      // Whatever the reason, it cannot be used now.
      return false;
    }
  }

  /**
   * Every transcript below a root, newest first. Symbolic links are not followed. What cannot be
   * read is reported and left out; what vanishes meanwhile is left out.
   */
  async walk(root: string, onFailure: WalkFailure): Promise<WalkedTranscript[]> {
    const found: WalkedTranscript[] = [];
    const directories = [root];
    for (
      let directory = directories.pop();
      directory !== undefined;
      directory = directories.pop()
    ) {
      for (const entry of await this.#list(directory, onFailure)) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) directories.push(path);
        if (!entry.isFile()) continue;
        const transcript = this.classify(root, path);
        const walked = transcript === null ? null : await this.inspect(transcript, onFailure);
        if (walked !== null) found.push(walked);
      }
    }
    return found.sort((a, b) => b.mtimeMs - a.mtimeMs || (a.path < b.path ? -1 : 1));
  }

  /** Stats a transcript, or `null` when it is not there. */
  async inspect(
    transcript: FoundTranscript,
    onFailure: WalkFailure,
  ): Promise<WalkedTranscript | null> {
    try {
      const seen = await stat(transcript.path, { bigint: true });
      return seen.isFile()
        ? {
            ...transcript,
            size: Number(seen.size),
            mtimeMs: Number(seen.mtimeMs),
            mtimeNs: String(seen.mtimeNs),
          }
        : null;
    } catch (error) {
      if (!isMissing(error)) onFailure(transcript.path, error);
      return null;
    }
  }

  async #list(
    directory: string,
    onFailure: WalkFailure,
  ): Promise<{ readonly name: string; isDirectory(): boolean; isFile(): boolean }[]> {
    try {
      return await readdir(directory, { withFileTypes: true });
    } catch (error) {
      if (!isMissing(error)) onFailure(directory, error);
      return [];
    }
  }
}
