import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AbsPath } from '../../src/entry.ts';

/** Makes a directory to watch inside a directory to move; both are removed when the test ends. */
export function makeTree(): { readonly base: AbsPath; readonly root: AbsPath } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-kit-'))) as AbsPath;
  const root = join(base, 'root') as AbsPath;
  mkdirSync(root);
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  return { base, root };
}
