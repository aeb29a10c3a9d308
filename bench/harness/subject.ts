/** Tells that a path changed, and how long the file is where the contestant says so. */
export type Told = (path: string, size?: number) => void;

/** Takes a line without its newline. */
export type LineTold = (line: string) => void;

/** What all watchers have in common. */
interface Watcher {
  /** Tells nothing: only its start is measured. */
  readonly silent?: true;
}

/** Watches files. Resolves when every later change will be told. */
export interface FileWatcher extends Watcher {
  readonly watchFiles: (files: readonly string[], told: Told) => Promise<void>;
}

/** Watches everything below a directory. Resolves when every later change will be told. */
export interface TreeWatcher extends Watcher {
  readonly watchTree: (root: string, told: Told) => Promise<void>;
}

/** Delivers the lines that are appended to files. Resolves when every later line will be. */
export interface LineFollower {
  readonly follow: (files: readonly string[], told: LineTold) => Promise<void>;
}
