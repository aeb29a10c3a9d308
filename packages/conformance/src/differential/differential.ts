import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PathWatcher, WatchError, WatchOptions } from '@watchkeeper/core';
import { DEADLINE_MS } from '../options.ts';
import { createProgram, type Program } from '../random/program.ts';
import { smallestFailing } from '../random/smallest-program.ts';
import { DifferentialError, type Failure } from './differential-error.ts';
import { runProgram, type DifferentialStep, type RunSettings } from './program-run.ts';
import { testSeeds } from './seeds.ts';

/** Programs that run at once, each in a tree of its own: what waits on a kernel leaves the rest the processor. */
export const DIFFERENTIAL_LANES = 4;

/** Options of {@link differential}. */
export interface DifferentialOptions<W extends PathWatcher = PathWatcher> {
  /** Makes the watcher that all programs run under; made again for each try to find a smaller program. It is closed at the end. */
  readonly createWatcher: () => W;
  /** A program for each. @defaultValue `testSeeds()`: 1 to 300, or as the environment says */
  readonly seeds?: readonly number[];
  /**
   * Called once in each step but the first, between its operations: those that are left run while the
   * returned promise is pending, and the flush waits for both.
   */
  readonly between?: (step: DifferentialStep<W>) => void | Promise<void>;
  /** Programs that run at once. @defaultValue `4`, or `1` with `between` */
  readonly lanes?: number;
  /** Options of each watch; `initial` is always `emit`. @defaultValue recursive */
  readonly watchOptions?: WatchOptions;
  /** Problems that are no failure. @defaultValue none */
  readonly tolerates?: (problem: WatchError) => boolean;
  /** Directory for temporary trees. @defaultValue the system's directory for temporary files */
  readonly directory?: string;
  /** Longest wait for `ready`, a flush or what is `between`, in milliseconds. @defaultValue `15000` */
  readonly deadlineMs?: number;
}

/** What {@link differential} did. */
export interface DifferentialReport {
  /** Programs that ran. */
  readonly programs: number;
  /** Flushes after which the told tree was compared with a walk. */
  readonly comparisons: number;
  /** Operations in all programs, those included that the file system refused. */
  readonly operations: number;
}

/**
 * Lets random programs (create, append, truncate, replace, rename, remove, link, chmod, set times
 * back) work in watched trees, and compares what was told of each tree with an independent walk after
 * every flush. Also judged: that no change contradicts an earlier one, that problems do not occur, and
 * that a flush after which nothing was done tells nothing.
 *
 * A file with several names is compared by name, type and identity only, as events name one of its
 * directories; after the last flush of a program it is compared whole, after a `rescan()`.
 *
 * @throws DifferentialError with the seed and a shrunken program when a tree differs.
 *
 * @example
 * ```ts
 * await differential({
 *   createWatcher: () => new PathWatcher({ backends: [createMyBackend()], fallback: 'none' }),
 *   seeds: testSeeds(1000),
 * });
 * ```
 */
export async function differential<W extends PathWatcher = PathWatcher>(
  options: DifferentialOptions<W>,
): Promise<DifferentialReport> {
  const seeds = options.seeds ?? testSeeds();
  const settings: RunSettings<W> = {
    between: options.between,
    watchOptions: options.watchOptions ?? {},
    tolerates: options.tolerates ?? (() => false),
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  };
  const base = realpathSync(mkdtempSync(join(options.directory ?? tmpdir(), 'watchkeeper-')));
  try {
    const lanes = options.lanes ?? (options.between === undefined ? DIFFERENTIAL_LANES : 1);
    const failed = await runSeeds(options.createWatcher, base, seeds, settings, lanes);
    if (failed !== null) throw await explain(options.createWatcher, base, failed, settings);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  const programs = seeds.map((seed) => createProgram(seed));
  const operations = programs.flat().reduce((sum, step) => sum + step.length, 0);
  return { programs: programs.length, comparisons: programs.flat().length, operations };
}

interface Failed {
  readonly seed: number;
  readonly failure: Failure;
}

async function runSeeds<W extends PathWatcher>(
  createWatcher: () => W,
  base: string,
  seeds: readonly number[],
  settings: RunSettings<W>,
  lanes: number,
): Promise<Failed | null> {
  const watcher = createWatcher();
  const waiting = [...seeds];
  const failed: Failed[] = [];
  const lane = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const tree = join(base, `seed-${seed}`);
      const failure = await runProgram(watcher, tree, seed, createProgram(seed), settings);
      if (failure === null) continue;
      failed.push({ seed, failure });
      waiting.length = 0;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  } finally {
    await watcher.close();
  }
  return failed[0] ?? null;
}

async function explain<W extends PathWatcher>(
  createWatcher: () => W,
  base: string,
  { seed, failure }: Failed,
  settings: RunSettings<W>,
): Promise<DifferentialError> {
  let tries = 0;
  let last: { program: Program; failure: Failure } | null = null;
  const fails = async (program: Program): Promise<boolean> => {
    tries += 1;
    const watcher = createWatcher();
    try {
      const again = await runProgram(watcher, join(base, `try-${tries}`), seed, program, settings);
      if (again === null) return false;
      last = { program, failure: again };
      return true;
    } finally {
      await watcher.close();
    }
  };
  if (await fails(createProgram(seed))) await smallestFailing(createProgram(seed), fails);
  return new DifferentialError(seed, failure, last);
}
