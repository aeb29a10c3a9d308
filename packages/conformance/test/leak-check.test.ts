import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { countHoldings, isReleased, warmUp } from '../src/leak-check.ts';

/** Something that can be left behind, and how it ends. */
const leaks: Readonly<Record<string, () => () => unknown>> = {
  'a watch': () => {
    const watcher = watch(tmpdir());
    return () => watcher.close();
  },
  'a descriptor': () => {
    const descriptor = openSync(tmpdir(), 'r');
    return () => closeSync(descriptor);
  },
  'a thread': () => {
    const thread = new Worker('setInterval(() => {}, 1000)', { eval: true });
    thread.unref();
    return () => thread.terminate();
  },
  'a process': () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    child.unref();
    return async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    };
  },
};

it.each(Object.entries(leaks))('notices %s until it is gone', async (_, begin) => {
  warmUp();
  const before = countHoldings();
  const end = begin();
  await expect.poll(() => isReleased(before, countHoldings())).toBe(false);
  await end();
  await expect.poll(() => isReleased(before, countHoldings())).toBe(true);
});
