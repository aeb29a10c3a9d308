import type { Clock } from '@watchkeeper/core';

import type { SourceStat } from './source-stat.ts';
import type { ChangeCursor, SourceState } from './store.ts';

/** Time between two looks at the store, in milliseconds: a change by another process shows within it. */
export const POLL_INTERVAL_MS = 1500;

/** A heartbeat is sent every so many polls, which is every 30 s: shorter than what proxies cut idle connections after. */
export const HEARTBEAT_TICKS = 20;

/** How long a transcript may be ahead of the store before the monitor syncs it itself, in milliseconds: the usual way takes well under a second. */
export const SYNC_FALLBACK_DELAY_MS = 5000;

/** Longest time between two attempts of a failing fallback, in milliseconds. */
export const SYNC_FALLBACK_MAX_MS = 60_000;

/** How long one fallback sync may take before it counts as failed, in milliseconds: longer than a 100 MB transcript needs. */
export const SYNC_FALLBACK_DEADLINE_MS = 30_000;

/** Hints that follow each other within this time, in milliseconds, cost one look at the store: a sync commits in slices. */
export const HINT_COALESCE_MS = 20;

/** Longest pause between two looks at a store that fails, in milliseconds. */
export const STORE_RETRY_MAX_MS = 15_000;

/** After quiet, a change of the session list is told after this time, in milliseconds: a new session rarely comes with one write. */
export const LIST_LEADING_MS = 1000;

/** Shortest time between two signals of one list watch, in milliseconds: a list that is read again more often helps nobody. */
export const LIST_TRAILING_MS = 2000;

/** What a monitor needs of a sync engine for its fallback. A `SessionSync` is one. */
export interface FallbackSync {
  /** Brings one session up to date, now; rejects when it could not. */
  syncSession(sessionId: string, signal: AbortSignal): Promise<unknown>;
  /**
   * How the session's transcript looks now, or `null` when there is none. `recorded` is what the
   * store knows. @defaultValue a stat of the recorded path
   */
  statSource?(sessionId: string, recorded: SourceState | null): Promise<SourceStat | null>;
}

/** Options of `createSessionMonitor`. None can change after the start. */
export interface MonitorOptions {
  /** The sync engine for the fallback; without it (and without `syncSession`) the monitor only reads the store. */
  readonly sync?: FallbackSync;
  /** In place of `sync`: how a session's transcript looks now. */
  readonly statSource?: NonNullable<FallbackSync['statSource']>;
  /** In place of `sync`: brings one session up to date. */
  readonly syncSession?: FallbackSync['syncSession'];
  /** Time between two looks at the store, in milliseconds, above 0. @defaultValue {@link POLL_INTERVAL_MS} */
  readonly pollMs?: number;
  /** Polls per heartbeat, an integer of 1 or more. @defaultValue {@link HEARTBEAT_TICKS} */
  readonly heartbeatTicks?: number;
  /** Delay of the fallback, in milliseconds, above 0. @defaultValue {@link SYNC_FALLBACK_DELAY_MS} */
  readonly fallbackMs?: number;
  /** Longest time between two attempts of the fallback, in milliseconds, above 0. @defaultValue {@link SYNC_FALLBACK_MAX_MS} */
  readonly fallbackMaxMs?: number;
  /** Time. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** Options of `SessionMonitor.watch`. */
export interface MonitorWatchOptions {
  /** Ends the watch; the iterator is then done at once. */
  readonly signal?: AbortSignal;
  /**
   * What the caller already has. A first tick comes at once when the session stands elsewhere; `null`
   * is the beginning. @defaultValue what the session is at the call: only later changes tick
   */
  readonly from?: ChangeCursor | null;
  /** Wait for a session that is not in the store yet, instead of failing. @defaultValue `false` */
  readonly waitForCreate?: boolean;
}

/** The checked settings of a monitor. */
export interface MonitorSettings {
  readonly pollMs: number;
  readonly heartbeatTicks: number;
  readonly fallbackMs: number;
  readonly fallbackMaxMs: number;
}

function positive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (!Number.isFinite(value) || value <= 0) {
    throw new TypeError(`${name}: wanted a number above 0, got ${value}`);
  }
  return value;
}

/** Checks options and fills in defaults. @throws TypeError naming the option. */
export function monitorSettings(options: MonitorOptions): MonitorSettings {
  const heartbeatTicks = positive('heartbeatTicks', options.heartbeatTicks, HEARTBEAT_TICKS);
  if (!Number.isInteger(heartbeatTicks)) {
    throw new TypeError(`heartbeatTicks: wanted an integer, got ${heartbeatTicks}`);
  }
  if (options.sync !== undefined && options.syncSession !== undefined) {
    throw new TypeError('syncSession: wanted either sync or syncSession, got both');
  }
  return {
    pollMs: positive('pollMs', options.pollMs, POLL_INTERVAL_MS),
    heartbeatTicks,
    fallbackMs: positive('fallbackMs', options.fallbackMs, SYNC_FALLBACK_DELAY_MS),
    fallbackMaxMs: positive('fallbackMaxMs', options.fallbackMaxMs, SYNC_FALLBACK_MAX_MS),
  };
}
