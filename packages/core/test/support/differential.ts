import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Change } from '../../src/change.ts';
import { PathWatcher } from '../../src/path-watcher.ts';
import { createManualBackend, type ManualBackend } from '../../src/testing/manual-backend.ts';
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

/** How the evidence of a step reaches core. */
const evidence = fc.constantFrom('none', 'touched', 'lost', 'flushed');

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
function believe(model: Map<string, Known>, { kind, path, before, after }: Change): void {
  const had = model.has(path);
  const expected = kind === 'create' ? !had && before === null : had && before !== null;
  if (!expected) throw new Error(`${kind} of ${path} contradicts what was told before`);
  if (after === null) model.delete(path);
  else model.set(path, known(after.type, after.size, after.ino, after.mtimeNs, after.mode));
}

function touchAll(backend: ManualBackend, root: string, model: Map<string, Known>): void {
  for (const path of new Set([...model.keys(), ...walk(root).keys()])) backend.touch(path);
}

const runs = fc.array(fc.tuple(step, evidence), { minLength: 1, maxLength: 25 });

/**
 * Lets somebody else's programs run, and compares what is told of the tree with what an independent
 * walk finds. Gives the report of the smallest program for which they differ, with its seed.
 */
export async function firstContradiction(numRuns: number): Promise<string | undefined> {
  const parent = temporaryDirectory();
  let run = 0;
  const details = await fc.check(
    fc.asyncProperty(runs, async (steps) => {
      const root = join(parent, `run${++run}`);
      mkdirSync(root);
      const backend = createManualBackend();
      const watcher = new PathWatcher({ backends: [backend] });
      const watch = watcher.watch(root, { recursive: true });
      const model = new Map<string, Known>();
      const complaints: unknown[] = [];
      watch.on('batch', ({ changes }) => {
        for (const change of changes) believe(model, change);
      });
      watch.on('problem', (problem) => complaints.push(problem));
      await watch.ready;
      for (const [one, how] of steps) {
        attempt(one, root);
        if (how === 'touched') touchAll(backend, root, model);
        else if (how === 'lost') backend.lose();
        else if (how === 'flushed') {
          await watch.flush();
          expect(model).toEqual(walk(root));
        }
      }
      await watch.flush();
      expect(complaints).toEqual([]);
      expect(model).toEqual(walk(root));
      expect(watcher.stats().entries).toBe(model.size);
      await watcher.close();
      rmSync(root, { recursive: true });
    }),
    { numRuns, seed: SEED },
  );
  return fc.asyncDefaultReportMessage(details);
}
