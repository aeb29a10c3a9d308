import type { BackendConfig } from '@watchkeeper/backends';
import type { ChangeKind, WatchOptions, WatchState } from '@watchkeeper/core';

/** What a process is asked to watch. */
export interface WatchOrder {
  readonly path: string;
  readonly config: BackendConfig;
  readonly options?: Pick<WatchOptions, 'recursive' | 'settleMs' | 'maxSettleMs'>;
}

/** What became of an attempt to watch. */
export interface Opening {
  readonly isReady: boolean;
  /** Code and remedy of the refusal. */
  readonly code?: string | undefined;
  readonly remedy?: string | undefined;
  /** In the time of the event loop, like `loopTimeMs`. */
  readonly tookMs: number;
}

/** A problem as far as a test asks for it. */
export interface ToldProblem {
  readonly code: string;
  readonly effect: string;
  readonly backend: string;
  readonly paths: readonly string[];
  readonly remedy?: string | undefined;
}

/** Where a watch stands, and what it told so far. */
export interface Status {
  readonly state: WatchState;
  readonly backend: string | null;
  readonly fellBackFrom: readonly { readonly name: string; readonly code: string }[];
  readonly problems: readonly ToldProblem[];
  readonly kinds: Readonly<Partial<Record<ChangeKind, number>>>;
  /** Changes that contradict those before: a creation of what was there, anything else of what was not. */
  readonly contradictions: readonly string[];
  /** Batches that said that they repair a loss. */
  readonly repairs: number;
}

/** What a process holds for watching. */
export interface Holdings {
  /** Handles of Node. */
  readonly handles: number;
  /** Descriptors that are inotify instances. */
  readonly instances: number;
  /** Watches of all of them. */
  readonly watches: number;
  readonly descriptors: number;
  readonly heapBytes: number;
}

/** What a call of `node:fs` is made to answer. */
export interface Breakage {
  readonly path: string;
  readonly errno: 'EIO' | 'EACCES';
}

/** What a watching process does when it is told to; one call after another. */
export interface WatchingCommands {
  open(order: WatchOrder): Promise<Opening>;
  status(): Status;
  /** What was told, compared with what is there: up to ten differences in words. Nothing is flushed. */
  differences(): readonly string[];
  /** Kinds and paths, relative to what is watched, of what was told since the last call. */
  changes(): readonly string[];
  /** Holds the event loop until a file exists, and at least so long. */
  block(ms: number, file: string): void;
  /** The longest time between two turns of a timer since the last call. */
  longestPauseMs(): number;
  /** Time as the event loop has it: turns of a timer times its period. While the process does not get to run, it stands still. */
  loopTimeMs(): number;
  /** Opens a file again and again until so many descriptors are left. */
  leaveDescriptors(count: number): void;
  freeDescriptors(): void;
  /** Reads a file, as code does that has nothing to do with watching. */
  read(path: string): string;
  /** Runs a script of the shell where the process runs, which may have mounts of its own. */
  shell(script: string, ...args: readonly string[]): Promise<void>;
  break(what: Breakage): void;
  mend(): void;
  flush(): Promise<void>;
  close(): Promise<Holdings>;
  holdings(): Holdings;
}
