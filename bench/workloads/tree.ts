import { setTimeout as sleep } from 'node:timers/promises';

import { burstOf } from '../fixtures/burst.ts';
import { sharedNow } from '../harness/clock.ts';
import { settledMemory } from '../harness/memory.ts';
import type { TreeWatcher } from '../harness/subject.ts';
import type { Work } from '../harness/task.ts';
import { until } from '../harness/until.ts';
import { WriterProcess } from '../harness/writer-process.ts';
import type { CheckoutDialogue } from '../writers/checkout.ts';

/** Rest after the set-up: what a contestant still does then is over. */
const REST_MS = 500;

/** Longest wait for what was not told. */
const PATIENCE_MS = 15_000;

/** Watches a tree, then is told of a switch to another branch. */
export const work: Work<TreeWatcher> = async (subject, { directory, seed, size }) => {
  using writer = await WriterProcess.start<CheckoutDialogue>('checkout');
  // Whoever was here before may have died in the middle.
  writer.send({ to: 'first', root: directory });
  await writer.answer();

  const waiting = new Set<string>();
  let last = 0;
  const start = performance.now();
  await subject.watchTree(directory, (path) => {
    if (waiting.delete(path)) last = sharedNow();
  });
  const ready = performance.now() - start;
  await sleep(REST_MS);
  const memory = await settledMemory();
  // Not before: knowing the tree is memory, too, and what is freed of it would hide what others take.
  const burst = burstOf(directory, size, seed);
  for (const path of [...burst.rewritten, ...burst.removed, ...burst.added]) waiting.add(path);
  writer.send({ to: 'other', root: directory, size, seed });
  const { began, ended } = await writer.answer();
  if (!subject.silent) await until(() => waiting.size === 0, PATIENCE_MS);
  const lost = waiting.size;
  writer.send({ to: 'first', root: directory });
  await writer.answer();
  // With nobody listening the burst takes as long as it takes to write.
  if (subject.silent) return { ready, memory, burst: ended - began };
  return lost === 0 ? { ready, memory, burst: last - began, lost } : { ready, memory, lost };
};
