import type { Capabilities } from '@watchkeeper/core';
import { INTERVAL_MS, type ResolvedPollOptions } from './options.ts';

/** Time allowed for a sweep itself, on top of the longest interval. */
export const SWEEP_ALLOWANCE_MS = 1000;

/**
 * What polling promises: the same everywhere, since only reads are involved. A promise is made before
 * there is a request: without an `intervalMs` of the backend's own it assumes the default, so a request
 * whose `pollIntervalMs` is longer than `maxIntervalMs` waits longer than `worstLatencyMs` says.
 */
export function capabilitiesOf(options: ResolvedPollOptions): Capabilities {
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  return {
    scope: { names: 'native', directory: 'native', tree: 'native' },
    delivery: 'poll',
    loss: 'reported',
    openFileAppends: 'next-poll',
    foreignWrites: 'seen',
    newDirectories: 'covered',
    movedDirectories: 'tracked',
    rootRemoval: 'reported',
    resume: 'none',
    unref: true,
    costPer: 'sweep',
    typicalLatencyMs: intervalMs / 2,
    worstLatencyMs: Math.max(options.maxIntervalMs, intervalMs) + SWEEP_ALLOWANCE_MS,
  };
}
