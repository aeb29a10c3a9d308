import { differential, testSeeds, type DifferentialStep } from '@watchkeeper/conformance';
import { expect } from 'vitest';
import { FAMILY } from '../../src/backend-policy.ts';
import { createWatcher, type BackendConfig, type ConfiguredWatcher } from '../../src/index.ts';

/** Every two backends: a program goes to and fro between them. */
export const WAYS: readonly (readonly [from: string, to: string])[] = FAMILY.flatMap(
  (from, index) => FAMILY.slice(index + 1).map((to) => [from, to] as const),
);

/** Longest time for the programs of one way, in milliseconds: thousands may be asked for. */
export const TIMEOUT_MS = 600_000;

function only(use: string): BackendConfig {
  // Small enough that a poll notices at once.
  return { use, fallback: false, options: { poll: { intervalMs: 20 } } };
}

/** How often a watcher moved, and how often it had to. */
interface Moves {
  readonly made: number;
  readonly due: number;
}

async function switchDuring(seeds: readonly number[], from: string, to: string): Promise<Moves> {
  let made = 0;
  const { comparisons, programs } = await differential<ConfiguredWatcher>({
    createWatcher: () => createWatcher(only(from)),
    seeds,
    between: async ({ watcher, watch }: DifferentialStep<ConfiguredWatcher>) => {
      const next = watch.backend?.name === from ? to : from;
      await watcher.reconfigure(only(next));
      expect(watch.backend?.name).toBe(next);
      made += 1;
    },
  });
  return { made, due: comparisons - programs };
}

/**
 * Runs random programs while their watcher goes to and fro between two backends, some programs at
 * once; all ways together run at least 300.
 */
export async function switchUnderPrograms(from: string, to: string, lanes: number): Promise<Moves> {
  const seeds = testSeeds(Math.ceil(300 / WAYS.length));
  const parts = Array.from({ length: lanes }, (_, lane) =>
    seeds.filter((_seed, index) => index % lanes === lane),
  );
  const moves = await Promise.all(parts.map((part) => switchDuring(part, from, to)));
  return {
    made: moves.reduce((sum, { made }) => sum + made, 0),
    due: moves.reduce((sum, { due }) => sum + due, 0),
  };
}
