import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';

/** One line of the log. `round` grows each time the file is truncated. */
export interface LogRecord {
  readonly round: number;
  readonly record: number;
}

/** How long a loaded machine may take. */
export const WITHIN = { timeout: 15_000, interval: 20 };

/** Lets another process write numbered records; `read` says how many were delivered so far. */
export async function writeLog(
  path: string,
  count: number,
  seed: number,
  mode: 'append' | 'rotate' | 'truncate',
  read: () => number,
): Promise<void> {
  const script = join(import.meta.dirname, 'log-writer.mjs');
  const writer = fork(script, [path, `${count}`, `${seed}`, mode]);
  const exited = once(writer, 'exit');
  for await (const [written] of on(writer, 'message', { close: ['disconnect'] })) {
    await expect.poll(read, WITHIN).toBe(written);
    writer.send('go on');
  }
  const [code] = (await exited) as [number | null];
  expect(code).toBe(0);
}
