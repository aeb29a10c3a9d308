import type { PathWatcher, Watch } from '@watchkeeper/core';
import type { Cancel, TimerSet } from './timer-set.ts';
import { REARM_BASE_MS, REARM_LIMIT_MS, RECONCILE_JITTER } from './timing.ts';

/** What is known of the watching. */
export interface WatchStatus {
  /** `off`: nothing is armed. `native`: the system tells. `poll`: a backend looks. `hybrid`: some of each. */
  readonly mode: 'off' | 'native' | 'poll' | 'hybrid';
  /** Whether every file is covered by a live watch, or watching is off. The manager's own net looks either way. */
  readonly healthy: boolean;
  /** Watched files. */
  readonly paths: number;
  /** Names of the backends that serve them. */
  readonly backends: readonly string[];
  /** Why it is not healthy. */
  readonly reason?: string;
}

/** What {@link Watching} needs. */
export interface WatchingParts {
  /** Asked for when the first watch is wanted. */
  readonly watcher: () => Pick<PathWatcher, 'watch'>;
  readonly paths: readonly string[];
  readonly persistent: boolean;
  readonly reconcileMs: number;
  readonly lingerMs: number;
  readonly timers: TimerSet;
  readonly random: () => number;
  /** Something may have changed. */
  readonly onHint: () => void;
  /** It is time to look without having been told. */
  readonly onSweep: () => void;
  /** Health changed. */
  readonly onHealth: (status: WatchStatus) => void;
}

interface Armed {
  watch: Watch | undefined;
  ready: boolean;
  reason: string | undefined;
  failures: number;
  cancel: Cancel | undefined;
}

/** Watches the files while somebody wants to be told, re-opens watches that end, and looks by itself besides. */
export class Watching {
  readonly #parts: WatchingParts;
  readonly #armed = new Map<string, Armed>();
  readonly #closing = new Set<Promise<void>>();
  #users = 0;
  #cancelLinger: Cancel | undefined;
  #cancelSweep: Cancel | undefined;
  #told = true;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
  }

  /** Wants the watches; the first one arms them, the last release disarms them after a while. */
  acquire(): () => void {
    this.#users++;
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    this.#arm();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#users > 0) return;
      this.#cancelLinger = this.#parts.timers.set(this.#parts.lingerMs, () => this.#disarm());
    };
  }

  /** What is known now. */
  status(): WatchStatus {
    const armed = [...this.#armed.values()];
    const backends = armed.flatMap(({ ready, watch }) =>
      ready && watch?.backend ? [watch.backend] : [],
    );
    const poll = backends.some(({ capabilities }) => capabilities.delivery === 'poll');
    const push = backends.some(({ capabilities }) => capabilities.delivery === 'push');
    const reason = armed.find((one) => one.reason !== undefined)?.reason;
    return {
      mode: poll && push ? 'hybrid' : poll ? 'poll' : push ? 'native' : 'off',
      healthy: reason === undefined,
      paths: armed.length,
      backends: [...new Set(backends.map(({ name }) => name))],
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** Resolves when every change finished before the call has been hinted at, as far as the watches live. */
  async flush(): Promise<void> {
    const watches = [...this.#armed.values()].flatMap(({ watch }) => watch ?? []);
    // A watch that cannot be flushed has failed or closed, which is told as health; the net covers it.
    await Promise.allSettled(watches.map(async (watch) => watch.flush()));
  }

  /** Ends every watch. */
  async close(): Promise<void> {
    this.#users = 0;
    this.#disarm();
    await Promise.all(this.#closing);
  }

  #arm(): void {
    if (this.#armed.size > 0 || this.#parts.paths.length === 0) return;
    for (const path of this.#parts.paths) {
      const armed: Armed = {
        watch: undefined,
        ready: false,
        reason: undefined,
        failures: 0,
        cancel: undefined,
      };
      this.#armed.set(path, armed);
      this.#open(path, armed);
    }
    this.#sweepLater();
  }

  #disarm(): void {
    this.#cancelLinger?.();
    this.#cancelSweep?.();
    for (const armed of this.#armed.values()) this.#shut(armed);
    this.#armed.clear();
  }

  #open(path: string, armed: Armed): void {
    const { onHint, persistent, watcher } = this.#parts;
    let watch: Watch;
    try {
      watch = watcher().watch(path, { persistent, symlinks: 'follow', hot: true });
    } catch (error) {
      // A watcher that was closed or cannot be built: the net looks meanwhile.
      this.#failed(path, armed, error);
      return;
    }
    armed.watch = watch;
    const alive = (): boolean => armed.watch === watch;
    watch.on('batch', () => {
      if (alive()) onHint();
    });
    watch.on('problem', (error) => {
      if (alive() && error.effect !== 'noted') this.#note(armed, describe(error));
    });
    watch.on('state', (state, error) => {
      if (!alive()) return;
      if (state === 'closed') this.#failed(path, armed, error ?? new Error('the watch ended'));
      else if (state === 'live') this.#note(armed, undefined);
      else if (error !== undefined) this.#note(armed, describe(error));
    });
    watch.ready.then(
      () => {
        if (!alive()) return;
        armed.ready = true;
        armed.failures = 0;
        // What changed before the watch was armed was told to nobody.
        onHint();
        this.#note(armed, watch.state === 'degraded' ? armed.reason : undefined);
      },
      (error: unknown) => {
        if (alive()) this.#failed(path, armed, error);
      },
    );
  }

  #failed(path: string, armed: Armed, error: unknown): void {
    this.#shut(armed);
    const pause = Math.min(REARM_BASE_MS * 2 ** armed.failures++, REARM_LIMIT_MS);
    armed.cancel = this.#parts.timers.set(pause, () => this.#open(path, armed));
    this.#note(armed, describe(error));
  }

  #shut(armed: Armed): void {
    armed.cancel?.();
    armed.cancel = undefined;
    armed.ready = false;
    const { watch } = armed;
    armed.watch = undefined;
    if (watch === undefined) return;
    const closing = watch.close().catch(() => {
      // Closing what already failed: there is nothing left to release and nobody to tell.
    });
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }

  #note(armed: Armed, reason: string | undefined): void {
    armed.reason = reason;
    const status = this.status();
    if (status.healthy === this.#told) return;
    this.#told = status.healthy;
    this.#parts.onHealth(status);
  }

  #sweepLater(): void {
    const { onSweep, random, reconcileMs, timers } = this.#parts;
    const factor = 1 + RECONCILE_JITTER * (2 * random() - 1);
    this.#cancelSweep = timers.set(reconcileMs * factor, () => {
      this.#sweepLater();
      onSweep();
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
