import { systemClock, type Clock } from '@watchkeeper/core';

import { parseCursor } from './cursor-codec.ts';
import type { TailCursor } from './cursor.ts';
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
  readonly clock: Clock;
}

/**
 * Checks the options of a tail and fills in what is missing.
 *
 * @throws `TypeError` that names the option, what was wanted and what came.
 */
export function resolveOptions<T>(options: TailOptions<T>): ResolvedOptions<T> {
  requireFunction('parse', options.parse);
  requireFunction('onBatch', options.onBatch);
  requireFunction('onError', options.onError);
  const { from = 'end' } = options;
  const number = (name: NumericOption, fallback: number, low: number, high: number): number =>
    requireNumber(name, options[name] ?? fallback, low, high);
  return {
    from: from === 'end' || from === 'start' ? from : parseCursor(from),
    parse: options.parse ?? null,
    debounceMs: number('debounceMs', DEFAULT_DEBOUNCE_MS, 0, LONGEST_DELAY_MS),
    maxWaitMs: number('maxWaitMs', DEFAULT_MAX_WAIT_MS, 0, LONGEST_DELAY_MS),
    maxLineBytes: number('maxLineBytes', DEFAULT_MAX_LINE_BYTES, 1, LARGEST_LINE_BYTES),
    readChunkBytes: number('readChunkBytes', DEFAULT_READ_CHUNK_BYTES, 1, LARGEST_CHUNK_BYTES),
    heartbeatMs: number('heartbeatMs', DEFAULT_HEARTBEAT_MS, 1, LONGEST_DELAY_MS),
    clock: options.clock ?? systemClock,
  };
}

type NumericOption = 'debounceMs' | 'maxWaitMs' | 'maxLineBytes' | 'readChunkBytes' | 'heartbeatMs';

function requireNumber(name: NumericOption, value: number, low: number, high: number): number {
  const whole = name.endsWith('Bytes');
  const fits = whole ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fits || value < low || value > high) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new TypeError(`${name} must be ${kind} from ${low} to ${high}, got ${String(value)}`);
  }
  return value;
}

function requireFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${typeof value}`);
  }
}
