import { checkKeys, expectNumber } from '@watchkeeper/core/backend-kit';

/** What the options are given to, in errors about them. */
const OWNER = 'createPollBackend';

/** Time between two looks at an entry when neither the options nor the request ask for another. */
export const INTERVAL_MS = 1000;

/** Longest time between two looks, also for entries that never change: with a sweep's own time it keeps detection below 5 s. */
export const MAX_INTERVAL_MS = 4000;

/** Share of one CPU that looking may use before intervals are stretched. */
export const BUDGET = 0.02;

/** Longest time one slice of a sweep holds the event loop: below what a user or a request notices. */
export const SLICE_MS = 2;

/** Options of {@link createPollBackend}. They cannot change after the backend was made. */
export interface PollBackendOptions {
  /**
   * Time between two looks at an entry, in milliseconds from 10, counted from the end of a sweep.
   * Entries that just changed are looked at four times as often. Given here, it is used for every
   * request; left out, a request's own `pollIntervalMs` counts when it is above 0.
   *
   * @defaultValue `1000`
   */
  readonly intervalMs?: number;
  /**
   * Longest time between two looks, in milliseconds, to which the budget may stretch the interval. Raised
   * to the interval in use when it is shorter. Kept although the budget is spent, until looking takes a
   * tenth of one CPU; beyond that intervals grow, and a problem tells how long.
   *
   * @defaultValue `4000`
   */
  readonly maxIntervalMs?: number;
  /**
   * Share of one CPU for looking, above 0 and at most 1, of all subscriptions of the backend together.
   * More entries than it pays for are looked at less often, down to `maxIntervalMs`; a problem tells when
   * even that costs more.
   *
   * @defaultValue `0.02`
   */
  readonly budget?: number;
  /**
   * Longest time in milliseconds, above 0, for which a sweep of a local disk holds the event loop.
   *
   * @defaultValue `2`
   */
  readonly sliceMs?: number;
}

/** Options with every default filled in; `intervalMs` stays open for the request. */
export interface ResolvedPollOptions {
  readonly intervalMs: number | undefined;
  readonly maxIntervalMs: number;
  readonly budget: number;
  readonly sliceMs: number;
}

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof PollBackendOptions, true>> = {
  intervalMs: true,
  maxIntervalMs: true,
  budget: true,
  sliceMs: true,
};

/** Checks the options and fills the defaults in. */
export function resolveOptions(options: PollBackendOptions): ResolvedPollOptions {
  checkKeys(OWNER, options, Object.keys(KEYS));
  const { intervalMs, maxIntervalMs = MAX_INTERVAL_MS } = options;
  const { budget = BUDGET, sliceMs = SLICE_MS } = options;
  return {
    intervalMs: intervalMs === undefined ? undefined : interval('intervalMs', intervalMs),
    maxIntervalMs: interval('maxIntervalMs', maxIntervalMs),
    budget: positive('budget', budget, 'a share above 0 and at most 1', 1),
    sliceMs: positive('sliceMs', sliceMs, 'milliseconds above 0'),
  };
}

/** The interval for one request: the option, else the request's wish, else the default. */
export function intervalFor(options: ResolvedPollOptions, wantedMs: number): number {
  if (options.intervalMs !== undefined) return options.intervalMs;
  return Number.isFinite(wantedMs) && wantedMs > 0 ? Math.max(wantedMs, 10) : INTERVAL_MS;
}

function interval(name: string, value: unknown): number {
  return expectNumber(OWNER, name, value, { wanted: 'milliseconds from 10', from: 10 });
}

function positive(name: string, value: unknown, wanted: string, to?: number): number {
  const range = { wanted, from: Number.MIN_VALUE, ...(to === undefined ? {} : { to }) };
  return expectNumber(OWNER, name, value, range);
}
