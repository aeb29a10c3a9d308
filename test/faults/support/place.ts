import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes a directory that is there until the test ends. */
export function makePlace(): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-faults-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));
  const root = join(base, 'root');
  mkdirSync(root);
  return root;
}

/** Makes directories in a directory, named by a prefix and a number. */
export function makeDirectories(parent: string, prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const path = join(parent, `${prefix}${index}`);
    mkdirSync(path, { recursive: true });
    return path;
  });
}
