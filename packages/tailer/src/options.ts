import { systemClock, type Clock, type PathWatcher } from '@watchkeeper/core';

import { parseCursor } from './cursor-codec.ts';
import type { TailCursor } from './cursor.ts';
import { refusal } from './refusal.ts';
import type { LineParser, TailOptions } from './tail.ts';

/** Coalesces the lines that one event of a writer commonly produces within 50 ms. */
export const DEFAULT_DEBOUNCE_MS = 100;
/** Under a writer that never pauses, a consumer is still served twice a second. */
export const DEFAULT_MAX_WAIT_MS = 500;
/** Above every record seen in practice (images in base64 included), below what stalls a process. */
export const DEFAULT_MAX_LINE_BYTES: number = 32 * 1024 * 1024;
/** The knee of the throughput curve: larger chunks gain less than a tenth. */
export const DEFAULT_READ_CHUNK_BYTES: number = 256 * 1024;
/** A signal that a backend lost costs a busy file one second at most. */
export const DEFAULT_HEARTBEAT_MS = 1000;

/** Below the longest string of V8, 2^29 - 24 characters. */
const LARGEST_LINE_BYTES = 512 * 1024 * 1024 - 1024;
const LARGEST_CHUNK_BYTES = 16 * 1024 * 1024;
/** The longest delay of a runtime timer, 2^31 - 1. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** Every option there is: a misspelt one is refused, not ignored. */
const OPTION_NAMES: Readonly<Record<keyof TailOptions<unknown>, true>> = {
  from: true,
  parse: true,
  debounceMs: true,
  maxWaitMs: true,
  maxLineBytes: true,
  readChunkBytes: true,
  heartbeatMs: true,
  watcher: true,
  onBatch: true,
  onError: true,
  signal: true,
  clock: true,
};

/** Options with every default filled in. */
export interface ResolvedOptions<T> {
  readonly from: 'end' | 'start' | TailCursor;
  /** `null`: the line itself is the item. */
  readonly parse: LineParser<T> | null;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  readonly maxLineBytes: number;
  readonly readChunkBytes: number;
  readonly heartbeatMs: number;
  /** `null`: the one that is shared. */
  readonly watcher: PathWatcher | null;
  readonly clock: Clock;
}

/** Throws a `TypeError` unless the value can be a path. */
export function requirePath(value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw refusal('path', 'a non-empty string without a null byte', value);
  }
}

/**
 * Checks the options of a tail and fills in what is missing.
 *
 * @throws `TypeError` that names the option, what was wanted and what came.
 */
export function resolveOptions<T>(options: TailOptions<T>): ResolvedOptions<T> {
  requireKnown(options);
  for (const name of ['parse', 'onBatch', 'onError'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'function') {
      throw refusal(name, 'a function', value);
    }
  }
  requireMethods('watcher', 'a PathWatcher', options.watcher, ['watch']);
  requireMethods('signal', 'an AbortSignal', options.signal, [
    'addEventListener',
    'removeEventListener',
  ]);
  requireMethods('clock', 'a Clock', options.clock, ['now', 'wallNow', 'setTimeout']);
  const { from = 'end', parse = null, watcher = null, clock = systemClock } = options;
  const number = (name: NumericOption, fallback: number, low: number, high: number): number => {
    const value = options[name];
    return requireNumber(name, value === undefined ? fallback : value, low, high);
  };
  return {
    from: from === 'end' || from === 'start' ? from : parseCursor(from),
    parse,
    debounceMs: number('debounceMs', DEFAULT_DEBOUNCE_MS, 0, LONGEST_DELAY_MS),
    maxWaitMs: number('maxWaitMs', DEFAULT_MAX_WAIT_MS, 0, LONGEST_DELAY_MS),
    maxLineBytes: number('maxLineBytes', DEFAULT_MAX_LINE_BYTES, 1, LARGEST_LINE_BYTES),
    readChunkBytes: number('readChunkBytes', DEFAULT_READ_CHUNK_BYTES, 1, LARGEST_CHUNK_BYTES),
    heartbeatMs: number('heartbeatMs', DEFAULT_HEARTBEAT_MS, 1, LONGEST_DELAY_MS),
    watcher,
    clock,
  };
}

type NumericOption = 'debounceMs' | 'maxWaitMs' | 'maxLineBytes' | 'readChunkBytes' | 'heartbeatMs';

function requireKnown(options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refusal('options', 'an object', options);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OPTION_NAMES, name)) continue;
    const known = Object.keys(OPTION_NAMES).join(', ');
    throw new TypeError(`${name} must be left out: it is none of the options ${known}`);
  }
}

/** By what it can do, not by its class: it may come from another copy of its package, or another realm. */
function requireMethods(
  name: string,
  wanted: string,
  value: unknown,
  methods: readonly string[],
): void {
  if (value === undefined) return;
  const has = (method: string): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
  if (!methods.every(has)) throw refusal(name, wanted, value);
}

function requireNumber(name: NumericOption, value: number, low: number, high: number): number {
  const whole = name.endsWith('Bytes');
  const fits = whole ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (fits && value >= low && value <= high) return value;
  throw refusal(name, `${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`, value);
}
