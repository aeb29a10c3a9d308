import { posix } from 'node:path';
import { ImaginedTree } from './imagined-tree.ts';
import { describeOperation, type Operation, type OperationKind } from './operation.ts';
import { createRandom, type Random } from './random.ts';

/** What somebody does to a tree: operations in steps, after each of which a watch is flushed. */
export type Program = readonly (readonly Operation[])[];

/** Few names on few levels, so that operations meet each other. */
const NAMES = ['a', 'b', 'c'] as const;

/** Most levels below the root. */
const LEVELS = 3;

/** Steps of a program: enough for trees to grow and fall, few enough to read when one fails. */
const STEPS = 8;

/** Most operations of a step. */
const MOST = 6;

/** How often each kind is chosen, relative to the others: what makes entries more often than what takes them away. */
const WEIGHTS: Readonly<Record<OperationKind, number>> = {
  mkdir: 8,
  write: 8,
  append: 4,
  truncate: 2,
  'rewrite-keeping-times': 2,
  'replace-by-rename': 4,
  'replace-by-unlink': 3,
  rename: 8,
  'move-out': 2,
  'move-in': 2,
  remove: 4,
  symlink: 2,
  'swap-symlink': 2,
  'hard-link': 2,
  chmod: 2,
  'set-times-back': 2,
};

const LOTS: readonly OperationKind[] = Object.entries(WEIGHTS).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as OperationKind),
);

/** The program of a seed: always the same one. */
export function createProgram(seed: number): Program {
  const random = createRandom(seed);
  const tree = new ImaginedTree();
  return Array.from({ length: STEPS }, () =>
    Array.from({ length: 1 + random(MOST) }, () => operation(random, tree)),
  );
}

/** A program in lines, one a step. */
export function describeProgram(program: Program): string {
  return program
    .map((step, index) => `  ${index + 1}. ${step.map(describeOperation).join('; ')}`)
    .join('\n');
}

/** One choice in so many is made regardless of what is likely to be there. */
const BLIND = 6;

function operation(random: Random, tree: ImaginedTree): Operation {
  const kind = LOTS[random(LOTS.length)] ?? 'write';
  const likely = LIKELY[kind](tree);
  const pick = (paths: readonly string[] | null): string => {
    if (paths === null || random(BLIND) === 0) return anyPath(random);
    return paths[random(paths.length)] ?? anyPath(random);
  };
  const fresh = (): string => posix.join(pick(tree.directories()), name(random));
  const one: Operation = {
    kind,
    path: likely.path === null ? fresh() : pick(likely.path),
    other: likely.other === null ? fresh() : pick(likely.other),
  };
  tree.apply(one);
  return one;
}

/** Which paths a kind is likely to be allowed for; `null` stands for any name in a directory that is there. */
interface Likely {
  readonly path: readonly string[] | null;
  readonly other: readonly string[] | null;
}

const anywhere = (): Likely => ({ path: null, other: null });
const onFile = (tree: ImaginedTree): Likely => ({ path: tree.paths('file'), other: null });
const onEntry = (tree: ImaginedTree): Likely => ({ path: tree.paths(), other: null });

const LIKELY: Readonly<Record<OperationKind, (tree: ImaginedTree) => Likely>> = {
  mkdir: anywhere,
  write: anywhere,
  append: onFile,
  truncate: onFile,
  'rewrite-keeping-times': onFile,
  'replace-by-rename': onFile,
  'replace-by-unlink': onFile,
  rename: onEntry,
  'move-out': onEntry,
  'move-in': (tree) => ({ path: null, other: tree.outside() }),
  remove: onEntry,
  symlink: (tree) => ({ path: null, other: tree.paths() }),
  'swap-symlink': (tree) => ({ path: tree.paths('symlink'), other: tree.paths() }),
  'hard-link': onFile,
  chmod: onEntry,
  'set-times-back': onEntry,
};

function anyPath(random: Random): string {
  return Array.from({ length: 1 + random(LEVELS) }, () => name(random)).join('/');
}

function name(random: Random): string {
  return NAMES[random(NAMES.length)] ?? NAMES[0];
}
