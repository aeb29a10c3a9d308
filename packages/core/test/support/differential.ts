import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Change, ChangeBatch } from '../../src/change.ts';
import { PathWatcher } from '../../src/path-watcher.ts';
import { createManualBackend, type ManualBackend } from '../../src/testing/manual-backend.ts';
import type { Watch, WatchOptions } from '../../src/watch.ts';
import { temporaryDirectory } from './scene.ts';

const names = ['a', 'b', 'c'] as const;
const place = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));

/** One step of somebody else's program; whatever does not apply is refused by the file system. */
type Step = readonly [name: string, act: (root: string) => void];

const step: fc.Arbitrary<Step> = fc.oneof(
  place.map((p): Step => [`mkdir ${p}`, (root) => mkdirSync(join(root, p), { recursive: true })]),
  place.map((p): Step => [`write ${p}`, (root) => writeFileSync(join(root, p), 'x')]),
  place.map((p): Step => [`append ${p}`, (root) => appendFileSync(join(root, p), 'y')]),
  place.map((p): Step => [`truncate ${p}`, (root) => truncateSync(join(root, p), 0)]),
  place.map((p): Step => [`utimes ${p}`, (root) => utimesSync(join(root, p), 1, 1)]),
  place.map((p): Step => [`chmod ${p}`, (root) => chmodSync(join(root, p), 0o701)]),
  place.map((p): Step => [`remove ${p}`, (root) => rmSync(join(root, p), { recursive: true })]),
  fc
    .tuple(place, place)
    .map(([p, q]): Step => [`link ${p} ${q}`, (root) => linkSync(join(root, p), join(root, q))]),
  fc
    .tuple(place, place)
    .map(([p, q]): Step => [`symlink ${p} ${q}`, (root) => symlinkSync(p, join(root, q))]),
  fc
    .tuple(place, place)
    .map(([p, q]): Step => [
      `rename ${p} ${q}`,
      (root) => renameSync(join(root, p), join(root, q)),
    ]),
);

/** Fixed, so that a run can be repeated; another number in the environment explores other programs. */
const SEED = Number(process.env['WATCHKEEPER_TEST_SEED'] ?? 20_261_121);

/** How the evidence of a step reaches core, and what happens to the watch after it. */
const evidence = fc.constantFrom(
  'none',
  'touched',
  'touched',
  'lost',
  'rescanned',
  'flushed',
  'stopped',
  'resumed',
);

function attempt([, act]: Step, root: string): void {
  try {
    act(root);
  } catch (error) {
    // A step that the file system refuses (ENOENT, EEXIST, ENOTDIR and the like) changes nothing.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

interface Known {
  readonly type: string;
  readonly size: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly mode: number;
}

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean }): string {
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'symlink';
}

/** An independent walk: no code of core's. The recursive `readdir` of Node would walk through symlinks. */
function walk(directory: string, found = new Map<string, Known>()): Map<string, Known> {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stat = lstatSync(path, { bigint: true });
    found.set(path, known(typeOf(stat), stat.size, stat.ino, stat.mtimeNs, Number(stat.mode)));
    if (stat.isDirectory()) walk(path, found);
  }
  return found;
}

/** What counts of an entry: size and times of a directory follow from its entries. */
function known(type: string, size: bigint, ino: bigint, mtimeNs: bigint, mode: number): Known {
  return type === 'directory'
    ? { type, size: 0n, ino, mtimeNs: 0n, mode }
    : { type, size, ino, mtimeNs, mode };
}

/** What a consumer knows who believes every change; complains when one contradicts what it knew. */
function believe(model: Map<string, Known>, { kind, path, from, before, after }: Change): void {
  if (kind === 'rename') {
    if (from === undefined || !model.has(from) || model.has(path)) {
      throw new Error(`rename of ${from} to ${path} contradicts what was told before`);
    }
    for (const [old, stat] of [...model]) {
      if (old !== from && !old.startsWith(`${from}/`)) continue;
      model.delete(old);
      model.set(path + old.slice(from.length), stat);
    }
  }
  const had = model.has(path);
  const expected = kind === 'create' ? !had && before === null : had && before !== null;
  if (!expected) throw new Error(`${kind} of ${path} contradicts what was told before`);
  if (after === null) model.delete(path);
  else model.set(path, known(after.type, after.size, after.ino, after.mtimeNs, after.mode));
}

function touchAll(backend: ManualBackend, root: string, model: Map<string, Known>): void {
  for (const path of new Set([...model.keys(), ...walk(root).keys()])) backend.touch(path);
}

/** How a consumer takes what is told. */
export interface Consumer {
  /** Whether renames come in one piece. */
  readonly renames: 'split' | 'pair';
  /** Whether it is called, or reads when it likes. */
  readonly by: 'listener' | 'iterator';
}

/** Somebody who believes what one watch after another tells, each from the cursor of the one before. */
class Believer {
  readonly model = new Map<string, Known>();
  readonly complaints: unknown[] = [];
  readonly #watcher: PathWatcher;
  readonly #root: string;
  readonly #consumer: Consumer;
  #watch: Watch | null = null;
  #iterator: AsyncIterator<ChangeBatch> | null = null;
  #cursor: Uint8Array | undefined;

  constructor(watcher: PathWatcher, root: string, consumer: Consumer) {
    this.#watcher = watcher;
    this.#root = root;
    this.#consumer = consumer;
  }

  /** Goes on, if it stopped. */
  async watch(): Promise<Watch> {
    if (this.#watch !== null) return this.#watch;
    const { renames, by } = this.#consumer;
    const options: WatchOptions = { recursive: true, renames };
    const since = this.#cursor;
    const watch = this.#watcher.watch(
      this.#root,
      since === undefined ? options : { ...options, since },
    );
    this.#watch = watch;
    watch.on('problem', (problem) => this.complaints.push(problem));
    if (by === 'listener') watch.on('batch', (batch) => this.#believe(batch));
    else this.#iterator = watch[Symbol.asyncIterator]();
    await watch.ready;
    return watch;
  }

  /** Takes a cursor and leaves. */
  async stop(): Promise<void> {
    const watch = await this.watch();
    const written = watch.cursor();
    // What is told while the cursor is written comes again: it is stored with what was known at the call.
    const known = [...this.model];
    this.#cursor = await written;
    this.#watch = null;
    await watch.close();
    this.model.clear();
    for (const [path, stat] of known) this.model.set(path, stat);
  }

  /** Waits for everything there is to tell, and takes it. */
  async flush(): Promise<void> {
    const watch = await this.watch();
    await watch.flush();
    if (this.#iterator === null) return;
    // Something new is the last thing to come, so that the read does not wait for ever.
    const mark = join(this.#root, 'mark');
    if (existsSync(mark)) unlinkSync(mark);
    else writeFileSync(mark, '');
    await watch.flush();
    const { value } = await this.#iterator.next();
    if (value !== undefined) this.#believe(value);
  }

  #believe({ changes }: ChangeBatch): void {
    try {
      for (const change of changes) believe(this.model, change);
    } catch (error) {
      // Told at the end: what a listener throws is core's to report.
      this.complaints.push(error);
    }
  }
}

const runs = fc.array(fc.tuple(step, evidence), { minLength: 1, maxLength: 25 });

/**
 * Lets somebody else's programs run, and compares what is told of the tree with what an independent
 * walk finds, also across watches that stop and resume. Gives the report of the smallest program for
 * which they differ, with its seed.
 */
export async function firstContradiction(
  consumer: Consumer,
  numRuns: number,
): Promise<string | undefined> {
  const parent = temporaryDirectory();
  let run = 0;
  const details = await fc.check(
    fc.asyncProperty(runs, async (steps) => {
      const root = join(parent, `run${++run}`);
      mkdirSync(root);
      const backend = createManualBackend();
      const watcher = new PathWatcher({ backends: [backend] });
      const believer = new Believer(watcher, root, consumer);
      const { model } = believer;
      await believer.watch();
      for (const [one, how] of steps) {
        attempt(one, root);
        if (how === 'touched') touchAll(backend, root, model);
        else if (how === 'lost') backend.lose();
        else if (how === 'stopped') await believer.stop();
        else if (how === 'resumed') await believer.watch();
        else if (how === 'rescanned') await (await believer.watch()).rescan();
        else if (how === 'flushed') {
          await believer.flush();
          expect(model).toEqual(walk(root));
        }
      }
      await believer.flush();
      expect(believer.complaints).toEqual([]);
      expect(model).toEqual(walk(root));
      expect(watcher.stats().entries).toBe(model.size);
      await watcher.close();
      rmSync(root, { recursive: true });
    }),
    { numRuns, seed: SEED },
  );
  if (!details.failed) return undefined;
  return `${await fc.asyncDefaultReportMessage(details)}\n${inspect(details.errorInstance)}`;
}
