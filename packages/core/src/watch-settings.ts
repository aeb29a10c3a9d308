import { checkKeys, oneOf, refuse } from './option-check.ts';
import type { ScopeWish } from './scope-wish.ts';
import type { IgnoreFunction } from './tree-scope.ts';
import type { WatchOptions } from './watch.ts';

/** The longest time a change waits for quiet unless a watch says otherwise, in milliseconds: a person still feels it as at once. */
export const DEFAULT_MAX_SETTLE_MS = 500;

/**
 * How many paths wait for a slow consumer unless a watch says otherwise: a tree of 100,000 entries that
 * is removed and made again under other names, with room to spare. Full, it takes about 100 MB.
 */
export const DEFAULT_MAX_QUEUED_PATHS = 250_000;

/** The shortest time between two audits that a watch may ask for, in milliseconds: one beat of the watcher's heart. */
export const MIN_AUDIT_INTERVAL_MS = 500;

/** The options of a watch, checked and complete. */
export interface WatchSettings {
  readonly recursive: boolean;
  readonly ignore: IgnoreFunction | undefined;
  readonly emitInitial: boolean;
  readonly follow: boolean;
  readonly settleMs: number;
  readonly maxSettleMs: number;
  readonly stableWriteMs: number;
  readonly pair: boolean;
  readonly maxQueuedPaths: number;
  readonly since: Uint8Array | undefined;
  readonly wish: ScopeWish;
  readonly persistent: boolean;
  readonly signal: AbortSignal | undefined;
}

function optionalBoolean(name: string, value: boolean | undefined, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw refuse(name, 'true or false', value);
  return value;
}

function duration(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refuse(name, 'a number of milliseconds of at least 0', value);
  }
  return value;
}

function count(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw refuse(name, 'an integer of at least 1', value);
  }
  return value;
}

function auditInterval(value: number | 'auto' | undefined): number | 'auto' {
  if (value === undefined || value === 'auto' || value === 0) return value ?? 'auto';
  if (typeof value !== 'number' || !Number.isFinite(value) || value < MIN_AUDIT_INTERVAL_MS) {
    const wanted = `'auto', 0, or at least ${MIN_AUDIT_INTERVAL_MS} milliseconds`;
    throw refuse('auditIntervalMs', wanted, value);
  }
  return value;
}

const known = [
  'recursive',
  'ignore',
  'initial',
  'symlinks',
  'settleMs',
  'maxSettleMs',
  'stableWriteMs',
  'renames',
  'maxQueuedPaths',
  'since',
  'auditIntervalMs',
  'hot',
  'persistent',
  'signal',
] satisfies (keyof WatchOptions)[];

function check(options: WatchOptions): WatchSettings {
  checkKeys('watch', options, known);
  const { ignore, signal, since } = options;
  if (ignore !== undefined && typeof ignore !== 'function') {
    throw refuse('ignore', 'a function', ignore);
  }
  if (since !== undefined && !(since instanceof Uint8Array)) {
    throw refuse('since', 'a Uint8Array', since);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw refuse('signal', 'an AbortSignal', signal);
  }
  return {
    recursive: optionalBoolean('recursive', options.recursive, false),
    ignore,
    emitInitial: oneOf('initial', options.initial, 'none', ['none', 'emit']) === 'emit',
    follow: oneOf('symlinks', options.symlinks, 'follow', ['self', 'follow']) === 'follow',
    settleMs: duration('settleMs', options.settleMs, 0),
    maxSettleMs: duration('maxSettleMs', options.maxSettleMs, DEFAULT_MAX_SETTLE_MS),
    stableWriteMs: duration('stableWriteMs', options.stableWriteMs, 0),
    pair: oneOf('renames', options.renames, 'split', ['split', 'pair']) === 'pair',
    maxQueuedPaths: count('maxQueuedPaths', options.maxQueuedPaths, DEFAULT_MAX_QUEUED_PATHS),
    since,
    wish: {
      auditIntervalMs: auditInterval(options.auditIntervalMs),
      hot: optionalBoolean('hot', options.hot, false),
    },
    persistent: optionalBoolean('persistent', options.persistent, true),
    signal,
  };
}

const defaults = check({});
const settingNames = Object.keys(defaults).filter((name) => name !== 'wish') as readonly Exclude<
  keyof WatchSettings,
  'wish'
>[];

function isSame(a: WatchSettings, b: WatchSettings): boolean {
  if (a.wish.auditIntervalMs !== b.wish.auditIntervalMs || a.wish.hot !== b.wish.hot) return false;
  return settingNames.every((name) => a[name] === b[name]);
}

let latest = defaults;

/** Checks options; watches that ask for the same one after another share one object, as there may be 10,000 of them. */
export function toSettings(options: WatchOptions | undefined): WatchSettings {
  if (options === undefined) return defaults;
  const settings = check(options);
  if (isSame(settings, latest)) return latest;
  const { signal, since, ignore } = settings;
  // What a caller may want to be rid of is not held on to.
  if (signal === undefined && since === undefined && ignore === undefined) latest = settings;
  return settings;
}

/** Checks a path to watch. */
export function checkPath(path: string): void {
  if (typeof path !== 'string' || path === '') throw refuse('path', 'a non-empty string', path);
  if (path.includes('\0')) throw refuse('path', 'a string without a null byte', path);
}
