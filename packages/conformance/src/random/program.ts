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
  return Array.from({ length: STEPS }, () =>
    Array.from({ length: 1 + random(MOST) }, () => operation(random)),
  );
}

/** A program in lines, one a step. */
export function describeProgram(program: Program): string {
  return program
    .map((step, index) => `  ${index + 1}. ${step.map(describeOperation).join('; ')}`)
    .join('\n');
}

function operation(random: Random): Operation {
  return {
    kind: LOTS[random(LOTS.length)] ?? 'write',
    path: path(random),
    other: path(random),
  };
}

function path(random: Random): string {
  const depth = 1 + random(LEVELS);
  return Array.from({ length: depth }, () => NAMES[random(NAMES.length)]).join('/');
}
