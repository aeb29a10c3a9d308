import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a script in a process of its own, which nothing here holds up; rejects unless it ends well. */
export async function runElsewhere(script: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ['-e', script, ...args]);
}
