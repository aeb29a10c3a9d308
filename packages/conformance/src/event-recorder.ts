import { dirname, sep } from 'node:path';
import type { AbsPath, LossReason, Sink, Touch, WatchError } from '@watchkeeper/core';

/** A point in a recording. */
export type Mark = number;

type Recorded =
  | { readonly kind: 'touched'; readonly touches: readonly Touch[] }
  | { readonly kind: 'lost'; readonly under: readonly AbsPath[]; readonly why: LossReason }
  | { readonly kind: 'degraded'; readonly error: WatchError }
  | { readonly kind: 'ended'; readonly error: WatchError };

/** A sink that remembers every call, and lets a test wait for one. */
export class EventRecorder implements Sink {
  readonly #calls: Recorded[] = [];
  readonly #waiters = new Set<() => void>();
  /** What is done inside each call, after it was recorded; a case may throw or close here. */
  onCall: (() => void) | null = null;
  /** Set while code runs that no sink call may be made from. */
  forbidden: string | null = null;
  /** Calls that were made where none may be, each with where. */
  readonly violations: string[] = [];
  #inside = false;

  /** The present end of the recording. */
  mark(): Mark {
    return this.#calls.length;
  }

  /** Records touches. */
  touched(touches: readonly Touch[]): void {
    this.#record({ kind: 'touched', touches });
  }

  /** Records a loss. */
  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#record({ kind: 'lost', under, why });
  }

  /** Records a problem. */
  degraded(error: WatchError): void {
    this.#record({ kind: 'degraded', error });
  }

  /** Records the end. */
  ended(error: WatchError): void {
    this.#record({ kind: 'ended', error });
  }

  /** The touches since a mark. */
  touchesSince(mark: Mark = 0): readonly Touch[] {
    return this.#since(mark).flatMap((call) => (call.kind === 'touched' ? call.touches : []));
  }

  /** Whether what was said since a mark makes a reader look at a path. */
  covers(path: AbsPath, mark: Mark = 0): boolean {
    return this.#since(mark).some((call) => {
      if (call.kind === 'touched') return call.touches.some((touch) => reaches(touch, path));
      return call.kind === 'lost' && call.under.some((top) => isWithin(path, top));
    });
  }

  /** The touches since a mark whose path is `top` or lies below it. */
  touchesWithin(top: AbsPath, mark: Mark = 0): readonly Touch[] {
    return this.touchesSince(mark).filter((touch) => isWithin(touch.path, top));
  }

  /** The errors passed to `degraded` since a mark. */
  degradedSince(mark: Mark = 0): readonly WatchError[] {
    return this.#since(mark).flatMap((call) => (call.kind === 'degraded' ? [call.error] : []));
  }

  /** The error passed to `ended`, or `null`. */
  get end(): WatchError | null {
    return this.#calls.find((call) => call.kind === 'ended')?.error ?? null;
  }

  /** Resolves to whether `condition` became true before the deadline; looks again after each call. */
  async until(condition: () => boolean, deadlineMs: number): Promise<boolean> {
    if (condition()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const check = (): void => {
      if (condition()) resolve(true);
    };
    const timer = setTimeout(() => resolve(condition()), deadlineMs);
    this.#waiters.add(check);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(check);
    }
  }

  #since(mark: Mark): readonly Recorded[] {
    return this.#calls.slice(mark);
  }

  #record(call: Recorded): void {
    if (this.forbidden !== null) this.violations.push(`${call.kind} inside ${this.forbidden}`);
    if (this.#inside) this.violations.push(`${call.kind} inside another sink call`);
    this.#calls.push(call);
    this.#inside = true;
    try {
      this.onCall?.();
    } finally {
      this.#inside = false;
      for (const check of this.#waiters) check();
    }
  }
}

/** Whether a path is `top` or lies below it. */
export function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

function reaches(touch: Touch, path: AbsPath): boolean {
  if (touch.path === path) return true;
  if (touch.reach === 'children') return dirname(path) === touch.path;
  return touch.reach === 'tree' && isWithin(path, touch.path);
}
