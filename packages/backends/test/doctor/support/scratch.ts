import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory of its own for a test, without symlinks in its path. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-doctor-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
