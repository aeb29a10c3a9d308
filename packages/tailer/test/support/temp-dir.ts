import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/** A directory of its own for the running test, removed when it is finished. */
export function tempDir(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'watchkeeper-tailer-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A path in a directory of its own. */
export function tempFile(name = 'session.jsonl'): string {
  return join(tempDir(), name);
}
