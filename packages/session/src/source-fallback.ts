import type { Clock, Timer } from '@watchkeeper/core';

import type { LagEvent } from './monitor-event.ts';
import {
  SYNC_FALLBACK_DEADLINE_MS,
  type FallbackSync,
  type MonitorSettings,
} from './monitor-options.ts';
import { isRecorded, type SourceStat } from './source-stat.ts';
import type { SourceState } from './store.ts';

/** A transcript that is ahead of the store. */
interface Mark {
  /** Monotonic time at which it was found ahead. */
  readonly since: number;
  /** How it looked then. */
  readonly found: SourceStat;
  /** What the store had recorded then. */
  readonly recorded: SourceState | null;
  /** Failed attempts. */
  readonly attempts: number;
}

/** What a {@link SourceFallback} needs of its surroundings. */
export interface FallbackHost {
  readonly clock: Clock;
  readonly settings: MonitorSettings;
  readonly sync: Required<FallbackSync>;
  /** What the store had recorded when it was last read. */
  readonly recorded: () => SourceState | null;
  /** Reads the store again. */
  readonly refresh: () => Promise<void>;
  readonly onLag: (lag: Omit<LagEvent, 'type' | 'sessionId'>) => void;
  readonly onStart: () => void;
  readonly onFailure: () => void;
}

/** Time to the next attempt after `attempts` failed ones, in milliseconds. */
export function retryDelay(attempts: number, settings: MonitorSettings): number {
  return Math.min(settings.fallbackMs * 2 ** (attempts - 1), settings.fallbackMaxMs);
}

/** Whether the store has since taken in all that was there at the mark: its reader lives, and is only a little behind. */
function hasCaughtUp(mark: Mark, recorded: SourceState | null): boolean {
  if (recorded === null || recorded.path !== mark.found.path) return false;
  const before = mark.recorded;
  const moved =
    before === null || recorded.generation !== before.generation || recorded.offset > before.offset;
  return moved && recorded.offset >= mark.found.size;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The safety net of one watched session: syncs it when its transcript stays ahead of the store. */
export class SourceFallback {
  readonly #sessionId: string;
  readonly #host: FallbackHost;
  #mark: Mark | null = null;
  #due: Timer | null = null;
  #looking = false;
  #missing = false;
  #stopped = false;
  #running: AbortController | null = null;

  constructor(sessionId: string, host: FallbackHost) {
    this.#sessionId = sessionId;
    this.#host = host;
  }

  /** Whether a sync of this session runs: what changes meanwhile is its doing. */
  get running(): boolean {
    return this.#running !== null;
  }

  /** Compares the transcript with what the store recorded. Called at each poll; never two at once. */
  async look(): Promise<void> {
    if (this.#looking || this.#running !== null || this.#stopped) return;
    this.#looking = true;
    const found = await this.#stat();
    this.#looking = false;
    if (!this.#isStopped() && this.#running === null) this.#judge(found);
  }

  /** Ends it: no timer is left, and a running sync is aborted. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
    this.#running?.abort();
  }

  // A method, so that it is asked anew after an await.
  #isStopped(): boolean {
    return this.#stopped;
  }

  async #stat(): Promise<SourceStat | null> {
    try {
      return await this.#host.sync.statSource(this.#sessionId, this.#host.recorded());
    } catch {
      // A transcript that cannot be looked at is no ground to sync it; the next poll looks again.
      return null;
    }
  }

  #judge(found: SourceStat | null): void {
    const recorded = this.#host.recorded();
    if (found === null) {
      this.#missing = true;
      this.#clear();
      return;
    }
    const cameBack = this.#missing || (recorded !== null && recorded.path !== found.path);
    this.#missing = false;
    if (isRecorded(found, recorded)) {
      this.#clear();
    } else if (this.#mark === null || hasCaughtUp(this.#mark, recorded)) {
      this.#setMark(found, cameBack ? 0 : this.#host.settings.fallbackMs);
    }
  }

  #setMark(found: SourceStat, delayMs: number): void {
    this.#mark = {
      since: this.#host.clock.now(),
      found,
      recorded: this.#host.recorded(),
      attempts: 0,
    };
    this.#schedule(delayMs);
  }

  #clear(): void {
    this.#mark = null;
    this.#due?.cancel();
    this.#due = null;
  }

  #schedule(delayMs: number): void {
    this.#due?.cancel();
    this.#due = this.#host.clock.setTimeout(() => void this.#attempt(), delayMs);
  }

  async #attempt(): Promise<void> {
    this.#due = null;
    if (this.#mark === null) return;
    const failure =
      this.#running === null ? await this.#sync() : 'the sync before it has not ended yet';
    if (this.#isStopped()) return;
    if (failure !== null) {
      this.#fail(failure);
      return;
    }
    const mark = this.#mark;
    await this.#host.refresh();
    const found = await this.#stat();
    if (this.#isStopped() || mark === null) return;
    if (found === null || isRecorded(found, this.#host.recorded())) {
      this.#missing = found === null;
      this.#clear();
    } else if (found.size !== mark.found.size || found.mtimeNs !== mark.found.mtimeNs) {
      this.#setMark(found, this.#host.settings.fallbackMs);
    } else {
      this.#fail('the sync left the transcript ahead of the store');
    }
  }

  /** Runs one sync to its end or its deadline; returns what went wrong, or `null`. */
  async #sync(): Promise<string | null> {
    const controller = new AbortController();
    this.#running = controller;
    this.#host.onStart();
    const deadline = Promise.withResolvers<string>();
    const timer = this.#host.clock.setTimeout(
      () => deadline.resolve(`the sync took longer than ${SYNC_FALLBACK_DEADLINE_MS} ms`),
      SYNC_FALLBACK_DEADLINE_MS,
    );
    controller.signal.addEventListener('abort', () => deadline.resolve('aborted'), { once: true });
    const sync = this.#start(controller.signal).finally(() => {
      this.#running = null;
    });
    const failure = await Promise.race([sync, deadline.promise]);
    timer.cancel();
    if (failure !== null) controller.abort();
    return failure;
  }

  async #start(signal: AbortSignal): Promise<string | null> {
    try {
      await this.#host.sync.syncSession(this.#sessionId, signal);
      return null;
    } catch (error) {
      // Whatever a sync fails of, the answer is to tell it and to try again later.
      return messageOf(error);
    }
  }

  #fail(error: string): void {
    const mark = this.#mark;
    if (mark === null) return;
    const attempts = mark.attempts + 1;
    this.#mark = { ...mark, attempts };
    this.#host.onFailure();
    this.#host.onLag({
      bytesBehind: Math.max(0, mark.found.size - (this.#host.recorded()?.offset ?? 0)),
      sinceMs: this.#host.clock.now() - mark.since,
      attempt: attempts,
      error,
    });
    this.#schedule(retryDelay(attempts, this.#host.settings));
  }
}
