import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PathWatcher } from '@watchkeeper/core';
import { expect, it, onTestFinished } from 'vitest';
import { createNativeBackend } from '../src/index.ts';

const CYCLES = 50;

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function makeTree(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-descriptors-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const name of ['a/b', 'c', 'd/e/f']) mkdirSync(join(root, name), { recursive: true });
  return root;
}

/** How long each watch lives: until it is live, or some turns of the event loop while it opens. */
const lives: readonly (readonly [
  string,
  (ready: Promise<unknown>, cycle: number) => Promise<void>,
])[] = [
  ['closed when it is live', async (ready) => void (await ready)],
  [
    'closed while it opens',
    async (_, cycle) => {
      for (let turn = 0; turn < cycle; turn += 1) await new Promise(setImmediate);
    },
  ],
];

it.for(lives)(
  `${CYCLES} watches, each %s, leave no descriptor open`,
  async ([, live], { skip }) => {
    skip(process.platform !== 'linux', 'descriptors are counted in procfs, a part of Linux');
    const root = makeTree();
    const watcher = new PathWatcher({ backends: [createNativeBackend()] });
    const cycle = async (index: number): Promise<void> => {
      const watch = watcher.watch(root, { recursive: true });
      // Closing before it is live rejects `ready`, which is what is tried here.
      await live(
        watch.ready.catch(() => undefined),
        index,
      );
      await watch.close();
    };
    // What the runtime makes once and keeps is made by the first.
    await cycle(CYCLES);
    const before = openDescriptors();
    for (let index = 0; index < CYCLES; index += 1) await cycle(index);
    await watcher.close();
    expect(openDescriptors()).toBeLessThanOrEqual(before);
  },
);
