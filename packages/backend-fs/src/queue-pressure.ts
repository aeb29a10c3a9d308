import { readFileSync } from 'node:fs';

/** The kernel's default length of an inotify queue, where it cannot be read. */
export const DEFAULT_QUEUE_LENGTH = 16_384;

/**
 * Share of the queue that one turn may bring before an overflow is assumed. Handles of other code in
 * this process fill the same queue without being counted here, hence half.
 */
export const PRESSURE_SHARE = 0.5;

/**
 * Infers queue overflows, which libuv drops silently: an overflow needs a full queue, and a full queue
 * is drained in a single turn. So a turn that brings nearly as many events as the queue holds is
 * taken for one. All handles of a thread share one queue, therefore one counter.
 */
export class QueuePressure {
  readonly #threshold: number;
  readonly #listeners = new Set<() => void>();
  #count = 0;
  #scheduled = false;

  constructor(queueLength: number) {
    this.#threshold = Math.max(1, Math.floor(queueLength * PRESSURE_SHARE));
  }

  /** Counts one event. */
  note(): void {
    this.#count += 1;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#endTurn());
  }

  /** Calls `listener` at the end of every turn that was too full; the returned function stops it. */
  onOverflow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #endTurn(): void {
    const full = this.#count >= this.#threshold;
    this.#count = 0;
    this.#scheduled = false;
    if (!full) return;
    for (const listener of this.#listeners) listener();
  }
}

/** The length of an inotify queue on this machine. */
export function readQueueLength(): number {
  try {
    const length = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    return Number.isInteger(length) && length > 0 ? length : DEFAULT_QUEUE_LENGTH;
  } catch {
    // No /proc, or not readable: the kernel's default is the best guess whatever the reason.
    return DEFAULT_QUEUE_LENGTH;
  }
}
