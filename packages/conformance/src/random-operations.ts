import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Few names on few levels, so that operations meet each other. */
const NAMES = ['a', 'b', 'c', 'd'] as const;

/** Most levels below the root. */
const LEVELS = 3;

/** Random numbers from a seed (mulberry32): a failure can be run again. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Does one random thing to a tree; says what. An operation that the tree does not allow does nothing. */
export function operate(root: string, random: (below: number) => number): string {
  const path = (): string => {
    const depth = 1 + random(LEVELS);
    return Array.from({ length: depth }, () => NAMES[random(NAMES.length)]).join('/');
  };
  const [first, second] = [path(), path()];
  const at = join(root, first);
  const operations: readonly (readonly [string, () => void])[] = [
    ['write', () => writeFileSync(at, 'x'.repeat(random(8)))],
    ['write', () => writeFileSync(at, 'x'.repeat(random(8)))],
    ['append', () => appendFileSync(at, 'x')],
    ['mkdir', () => mkdirSync(at, { recursive: true })],
    ['mkdir', () => mkdirSync(at, { recursive: true })],
    ['remove', () => rmSync(at, { recursive: true })],
    ['rename', () => renameSync(at, join(root, second))],
    ['rename', () => renameSync(at, join(root, second))],
    ['chmod', () => chmodSync(at, lstatSync(at).mode ^ 0o010)],
  ];
  const [name, act] = operations[random(operations.length)] ?? ['nothing', () => {}];
  try {
    act();
    return `${name} ${first} ${name === 'rename' ? second : ''}`;
  } catch {
    // Missing parents, files in the way, a directory moved into itself: such is chance.
    return `${name} ${first} ${second} refused`;
  }
}
