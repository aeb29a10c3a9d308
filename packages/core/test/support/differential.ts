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
import fc from 'fast-check';
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

/** An independent walk: no code of core's. */
function walk(root: string): Map<string, Known> {
  const found = new Map<string, Known>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const stat = lstatSync(path, { bigint: true });
    found.set(path, known(typeOf(stat), stat.size, stat.ino, stat.mtimeNs, Number(stat.mode)));
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
 * Lets somebody else's program run, and checks that what is told of the tree always adds up to what
 * an independent walk finds.
 */
export async function expectToAddUp(numRuns: number): Promise<void> {
  const parent = temporaryDirectory();
  let run = 0;
  await fc.assert(
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
    { numRuns },
  );
}
