import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs every test, or what the arguments select, and closes with `N passed, N failed, N skipped`. */
const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporter = join(import.meta.dirname, 'summary-reporter.ts');

const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = run.status ?? 1;
