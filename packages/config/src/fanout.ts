import { refusal, requireKnownKeys } from './option-check.ts';
import { requireDuration } from './timing.ts';

/** How often and how fast a session that failed is tried again. */
export interface Retry {
  /** Tries after the first one, 0 or more. @defaultValue `3` */
  readonly attempts: number;
  /** Pause before the first of them, in milliseconds; doubles each time, varied by half. @defaultValue `500` */
  readonly baseMs: number;
  /** Longest pause, in milliseconds. @defaultValue `30000` */
  readonly maxMs: number;
}

/** How a new generation is spread over the sessions. */
export interface Fanout {
  /** Up to this many sessions start at once. @defaultValue `8` */
  readonly immediateUpTo: number;
  /** Above it, starts are spread over this time, or 10 ms per session if that is less. In milliseconds; 0 starts all at once. @defaultValue `1000` */
  readonly windowMs: number;
  /** How many asynchronous `apply` calls run at a time, 1 or more, `Infinity` allowed. @defaultValue `8` */
  readonly concurrency: number;
  /** How long an asynchronous `apply` may take, in milliseconds. @defaultValue `10000` */
  readonly ackTimeoutMs: number;
  /** How a session that failed is tried again. */
  readonly retry: Retry;
  /** Fixes the order of sessions, for tests. @defaultValue random per manager */
  readonly seed: number;
}

/** What may be said about the fan-out; the rest has defaults. */
export type FanoutOptions = Partial<Omit<Fanout, 'retry'>> & { readonly retry?: Partial<Retry> };

/** A handful of sessions is no storm. */
export const DEFAULT_IMMEDIATE_UP_TO = 8;
/** Spread enough to flatten a peak, short enough to leave the last session within 5 s of the write. */
export const DEFAULT_WINDOW_MS = 1000;
/** Sessions that reload files or connections at once, bounded like a small connection pool. */
export const DEFAULT_CONCURRENCY = 8;
/** What a session does when it applies a configuration is not expected to outlast a usual request timeout. */
export const DEFAULT_ACK_TIMEOUT_MS = 10_000;
/** Enough to outlive a restart of what a session depends on. */
export const DEFAULT_RETRY: Retry = { attempts: 3, baseMs: 500, maxMs: 30_000 };
/** Least distance between two starts when few sessions are spread: they need not wait the whole window. */
export const SPREAD_PER_SESSION_MS = 10;
/** Longest time one slice of a fan-out may take before the event loop gets its turn; the promised 10 ms leave room for the `apply` it ends with. */
export const SLICE_MS = 5;
/** Most steps of one slice, so that a clock that does not move cannot make it endless. */
export const SLICE_STEPS = 512;
/** Starts are grouped to this, so that ten thousand sessions need a hundred timers. */
export const SLOT_MS = 10;

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof Fanout, true>> = {
  immediateUpTo: true,
  windowMs: true,
  concurrency: true,
  ackTimeoutMs: true,
  retry: true,
  seed: true,
};

/** Fills in the defaults and refuses impossible values. */
export function resolveFanout(options: FanoutOptions, random: () => number): Fanout {
  requireKnownKeys('fanout', options, Object.keys(KEYS));
  if (options.retry !== undefined) {
    requireKnownKeys('fanout.retry', options.retry, Object.keys(DEFAULT_RETRY));
  }
  const fanout: Fanout = {
    immediateUpTo: options.immediateUpTo ?? DEFAULT_IMMEDIATE_UP_TO,
    windowMs: options.windowMs ?? DEFAULT_WINDOW_MS,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    ackTimeoutMs: options.ackTimeoutMs ?? DEFAULT_ACK_TIMEOUT_MS,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    seed: options.seed ?? Math.floor(random() * 2 ** 32),
  };
  requireDuration('fanout.windowMs', fanout.windowMs);
  requireDuration('fanout.ackTimeoutMs', fanout.ackTimeoutMs);
  requireDuration('fanout.retry.baseMs', fanout.retry.baseMs);
  requireDuration('fanout.retry.maxMs', fanout.retry.maxMs);
  requireCount('fanout.immediateUpTo', fanout.immediateUpTo, 0);
  requireCount('fanout.concurrency', fanout.concurrency, 1);
  requireCount('fanout.retry.attempts', fanout.retry.attempts, 0);
  requireCount('fanout.seed', fanout.seed, 0);
  return fanout;
}

function requireCount(option: string, value: number, least: number): void {
  if (value !== Infinity && !Number.isSafeInteger(value)) {
    throw refusal(option, 'a whole number', value);
  }
  if (value < least) throw refusal(option, `at least ${least}`, value);
}
