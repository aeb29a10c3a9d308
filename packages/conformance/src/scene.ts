import { relative, sep } from 'node:path';
import type {
  Change,
  ChangeBatch,
  ChangeKind,
  PathWatcher,
  Watch,
  WatchError,
  WatchOptions,
} from '@watchkeeper/core';
import type { ConformanceRunner } from './runner.ts';
import { ToldTree } from './told-tree.ts';

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
  readonly #told: ToldTree;
  #changes: Change[] = [];

  constructor(
    watcher: PathWatcher,
    path: string,
    options: WatchOptions,
    expect: ConformanceRunner['expect'],
  ) {
    this.#expect = expect;
    this.#options = options;
    this.#told = new ToldTree(path);
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

  /** Expects that nothing was reported twice in this kind. */
  expectOnce(kind: ChangeKind): void {
    const paths = this.batches
      .flatMap(({ changes }) => changes)
      .filter((change) => change.kind === kind)
      .map(({ path }) => path);
    const twice = paths.filter((path, index) => paths.indexOf(path) !== index);
    this.#expect(twice, `paths that were reported twice as ${kind}`).toEqual([]);
  }

  /** The changes reported since the last judgement, which count as judged; those of the watched path are left out. */
  takeChanges(): readonly Change[] {
    const taken = this.#changes.filter(({ path }) => this.#nameOf(path) !== '');
    this.#changes = [];
    return taken;
  }

  /** The distinct paths of {@link Scene.takeChanges}, relative and sorted. */
  takeNames(): readonly string[] {
    const names = this.takeChanges().flatMap(({ path, from }) =>
      from === undefined ? [path] : [path, from],
    );
    return [...new Set(names.map((path) => this.#nameOf(path)))].sort();
  }

  /** Expects that the changes reported so far add up to what an independent walk finds. */
  expectModel(root: string, after: string = 'the last step'): void {
    const { ignore } = this.#options;
    const deep = this.#options.recursive === true;
    const ignores = (path: string): boolean => {
      return (!deep && path.includes('/')) || ignore?.(path, undefined) === true;
    };
    const wrong = [...this.#told.contradictions, ...this.#told.differences(root, { ignores })];
    this.#expect(wrong, `what was told and is not so, after ${after}`).toEqual([]);
  }

  #take(batch: ChangeBatch): void {
    this.batches.push(batch);
    this.#changes.push(...batch.changes);
    this.#told.take(batch);
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
