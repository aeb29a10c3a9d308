import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PathWatcher, Watch, WatchError, WatchOptions } from '@watchkeeper/core';
import { perform, type Operation, type OperationPlace } from '../random/operation.ts';
import type { Program } from '../random/program.ts';
import { ToldTree } from '../told-tree.ts';
import type { Failure } from './differential-error.ts';

/** Where a program stands when something else may happen to the watch it runs under. */
export interface DifferentialStep<W extends PathWatcher = PathWatcher> {
  /** The seed of the program. */
  readonly seed: number;
  /** Which step of the program runs, from 0. */
  readonly index: number;
  /** The watched directory. */
  readonly root: string;
  /** What serves the watch. */
  readonly watcher: W;
  /** The watch that is judged. */
  readonly watch: Watch;
}

/** How programs are run. */
export interface RunSettings<W extends PathWatcher> {
  readonly between: ((step: DifferentialStep<W>) => void | Promise<void>) | undefined;
  readonly watchOptions: WatchOptions;
  readonly tolerates: (problem: WatchError) => boolean;
  readonly deadlineMs: number;
}

/** Runs one program in a directory of its own below `base`; what is wrong, or `null`. */
export async function runProgram<W extends PathWatcher>(
  watcher: W,
  base: string,
  seed: number,
  program: Program,
  settings: RunSettings<W>,
): Promise<Failure | null> {
  const place = { root: join(base, 'root'), outside: join(base, 'outside') };
  mkdirSync(place.root, { recursive: true });
  mkdirSync(place.outside);
  const told = new ToldTree(place.root);
  // The first step is there before the watch: what it is told of at the start counts as well.
  for (const operation of program[0] ?? []) performNoting(operation, place, told);
  const watch = watcher.watch(place.root, {
    recursive: true,
    ...settings.watchOptions,
    initial: 'emit',
  });
  const run = new ProgramRun(watcher, watch, place, told, seed, settings);
  try {
    return await run.all(program);
  } finally {
    await watch.close();
    rmSync(base, { recursive: true });
  }
}

class ProgramRun<W extends PathWatcher> {
  readonly #watcher: W;
  readonly #watch: Watch;
  readonly #place: OperationPlace;
  readonly #seed: number;
  readonly #settings: RunSettings<W>;
  readonly #told: ToldTree;
  readonly #problems: WatchError[] = [];
  #batches = 0;

  constructor(
    watcher: W,
    watch: Watch,
    place: OperationPlace,
    told: ToldTree,
    seed: number,
    settings: RunSettings<W>,
  ) {
    this.#watcher = watcher;
    this.#watch = watch;
    this.#place = place;
    this.#seed = seed;
    this.#settings = settings;
    this.#told = told;
    watch.on('batch', (batch) => {
      this.#batches += 1;
      this.#told.take(batch);
    });
    watch.on('problem', (problem) => void this.#problems.push(problem));
  }

  async all(program: Program): Promise<Failure | null> {
    let step = 0;
    try {
      await this.#within('ready', () => this.#watch.ready);
      for (const [index, operations] of program.entries()) {
        step = index + 1;
        if (index > 0) await this.#step(index, operations);
        await this.#within('flush()', () => this.#watch.flush());
        const wrong = this.#wrong();
        if (wrong.length > 0) return { wrong, step };
      }
      const told = this.#batches;
      await this.#within('flush()', () => this.#watch.flush());
      const more = this.#batches === told ? [] : ['a second flush told more of what nobody did'];
      await this.#within('rescan()', () => this.#watch.rescan());
      const wrong = [...more, ...this.#wrong(true)];
      return wrong.length === 0 ? null : { wrong, step };
    } catch (error) {
      // Whatever is thrown is what is wrong; the seed and the program belong to it.
      return {
        wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        step,
      };
    }
  }

  /** The second half of a step runs while what is `between` is under way. */
  async #step(index: number, operations: readonly Operation[]): Promise<void> {
    const { between } = this.#settings;
    const half = between === undefined ? operations.length : Math.ceil(operations.length / 2);
    for (const operation of operations.slice(0, half))
      performNoting(operation, this.#place, this.#told);
    if (between === undefined) return;
    const under = Promise.resolve(
      between({
        seed: this.#seed,
        index,
        root: this.#place.root,
        watcher: this.#watcher,
        watch: this.#watch,
      }),
    );
    const rest = async (): Promise<void> => {
      for (const operation of operations.slice(half)) {
        await new Promise(setImmediate);
        performNoting(operation, this.#place, this.#told);
      }
    };
    await Promise.all([this.#within('what is between', () => under), rest()]);
  }

  #wrong(hardLinks = false): readonly string[] {
    const problems = this.#problems
      .splice(0)
      .filter((problem) => !this.#settings.tolerates(problem))
      .map((problem) => `problem ${problem.code}: ${problem.message}`);
    return [
      ...problems,
      ...this.#told.contradictions.splice(0),
      ...this.#told.differences(this.#place.root, { hardLinks }),
    ];
  }

  async #within(what: string, wait: () => Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const { deadlineMs } = this.#settings;
    const timer = setTimeout(() => {
      reject(new Error(`${what} took longer than ${deadlineMs} ms`));
    }, deadlineMs);
    try {
      await Promise.race([wait(), promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Does an operation; a file that gets another name is remembered, as it may have one again before the next walk. */
function performNoting(operation: Operation, place: OperationPlace, told: ToldTree): void {
  perform(operation, place);
  if (operation.kind === 'hard-link') told.noteLinks(place.root);
}
