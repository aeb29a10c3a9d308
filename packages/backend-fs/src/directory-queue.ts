import type { Clock } from '@watchkeeper/core';
import type { WatchedDirectory } from './watched-directory.ts';

/** Directories that wait to be watched and listed, worked off in slices so that the event loop stays responsive. */
export class DirectoryQueue {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  readonly #work: (directory: WatchedDirectory) => void;
  #waiting: WatchedDirectory[] = [];
  #next = 0;
  #scheduled = false;
  #closed = false;
  #whenEmpty: (() => void)[] = [];

  constructor(clock: Clock, sliceMs: number, work: (directory: WatchedDirectory) => void) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
    this.#work = work;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#waiting.length;
  }

  /** Adds a directory; work on it starts no sooner than the next call of {@link runSlice} or turn. */
  add(directory: WatchedDirectory): void {
    if (directory.queued || this.#closed) return;
    directory.queued = true;
    this.#waiting.push(directory);
  }

  /** Works until the queue is empty or the slice is used up. */
  runSlice(): void {
    const end = this.#clock.now() + this.#sliceMs;
    while (!this.isEmpty && !this.#closed) {
      const directory = this.#waiting[this.#next] as WatchedDirectory;
      this.#next += 1;
      directory.queued = false;
      if (!directory.dropped) this.#work(directory);
      if (this.#clock.now() >= end) break;
    }
    if (this.isEmpty) this.#settle();
  }

  /** Works the queue off, a slice at the end of each turn. */
  schedule(): void {
    if (this.#scheduled || this.#closed || this.isEmpty) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.runSlice();
      this.schedule();
    });
  }

  /** Resolves when nothing waits, or when the queue was closed. */
  whenEmpty(): Promise<void> {
    if (this.isEmpty || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty.push(resolve);
    });
  }

  close(): void {
    this.#closed = true;
    this.#settle();
  }

  #settle(): void {
    this.#waiting = [];
    this.#next = 0;
    const resolvers = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of resolvers) resolve();
  }
}
