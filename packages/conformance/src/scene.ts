import { relative, sep } from 'node:path';
import type {
  Change,
  ChangeBatch,
  ChangeKind,
  EntryStat,
  PathWatcher,
  Watch,
  WatchError,
  WatchOptions,
} from '@watchkeeper/core';
import type { ConformanceRunner } from './runner.ts';
import { walkTree } from './tree-walk.ts';

/** What may be reported of a path: one kind, one of several, or, where `null` is among them, nothing. */
export type Expected = ChangeKind | readonly (ChangeKind | null)[];

/** Paths relative to the watched one, with what is to be reported of each. Of all other paths, nothing. */
export type Expectation = Readonly<Record<string, Expected>>;

/** A watch and all that it reported. The watched path itself is not judged: its entries are. */
export class Scene {
  readonly watch: Watch;
  readonly problems: WatchError[] = [];
  readonly batches: ChangeBatch[] = [];
  readonly #expect: ConformanceRunner['expect'];
  readonly #options: WatchOptions;
  readonly #state = new Map<string, EntryStat>();
  #changes: Change[] = [];

  constructor(
    watcher: PathWatcher,
    path: string,
    options: WatchOptions,
    expect: ConformanceRunner['expect'],
  ) {
    this.#expect = expect;
    this.#options = options;
    this.watch = watcher.watch(path, { initial: 'emit', ...options });
    this.watch.on('batch', (batch) => this.#take(batch));
    this.watch.on('problem', (error) => void this.problems.push(error));
  }

  /** Resolves when the watch is live; what was there at the start is taken in by then, and not judged. */
  async ready(): Promise<void> {
    await this.watch.ready;
    await this.watch.flush();
    this.#changes = [];
  }

  /** Does something, and expects exactly these changes after a flush. */
  async step(expectation: Expectation, act: () => void): Promise<void> {
    act();
    await this.watch.flush();
    this.expectChanges(expectation);
  }

  /** Judges what was reported since the last judgement. */
  expectChanges(expectation: Expectation): void {
    const reported = new Map<string, ChangeKind[]>();
    for (const { path, kind } of this.#changes) {
      const name = this.#nameOf(path);
      if (name !== '') reported.set(name, [...(reported.get(name) ?? []), kind]);
    }
    this.#changes = [];
    const names = [...new Set([...reported.keys(), ...Object.keys(expectation)])].sort();
    const wrong = names
      .map((name) => judge(name, expectation[name], reported.get(name) ?? []))
      .filter((sentence) => sentence !== null);
    this.#expect(wrong, 'reported changes').toEqual([]);
  }

  /** Expects that the changes reported so far add up to what an independent walk finds. */
  expectModel(root: string, after: string = 'the last step'): void {
    const { ignore } = this.#options;
    const deep = this.#options.recursive === true;
    const walked = walkTree(root, (path) => {
      return (!deep && path.includes('/')) || ignore?.(path, undefined) === true;
    });
    const names = [...new Set([...walked.keys(), ...this.#state.keys()])].sort();
    const wrong = names.filter((name) => {
      const known = this.#state.get(name);
      const found = walked.get(name);
      if (known === undefined || found === undefined) return name !== '';
      if (known.ino !== found.ino) return true;
      return found.isFile() && (known.size !== found.size || known.mtimeNs !== found.mtimeNs);
    });
    this.#expect(wrong, `paths of which the reported state is wrong, after ${after}`).toEqual([]);
    const sequences = this.batches.map(({ sequence }) => sequence);
    this.#expect(sequences, 'sequence numbers').toEqual(sequences.map((_, index) => index + 1));
  }

  #take(batch: ChangeBatch): void {
    this.batches.push(batch);
    this.#changes.push(...batch.changes);
    for (const { path, after } of batch.changes) {
      const name = this.#nameOf(path);
      if (after === null) this.#state.delete(name);
      else this.#state.set(name, after);
    }
  }

  #nameOf(path: string): string {
    return relative(this.watch.path, path).replaceAll(sep, '/');
  }
}

function judge(
  name: string,
  expected: Expected | undefined,
  reported: readonly ChangeKind[],
): string | null {
  const allowed: readonly (ChangeKind | null)[] =
    expected === undefined ? [null] : typeof expected === 'string' ? [expected] : expected;
  const kind = reported[0] ?? null;
  if (reported.length <= 1 && allowed.includes(kind)) return null;
  const wanted = allowed.map((one) => one ?? 'nothing').join(' or ');
  return `${JSON.stringify(name)}: wanted ${wanted}, got ${reported.join(', ') || 'nothing'}`;
}
