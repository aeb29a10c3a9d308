import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Runs every test, or what the arguments select, and closes with `N passed, N failed, N skipped`. */
const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporter = join(import.meta.dirname, 'summary-reporter.ts');
const summary = join(root, 'test-results', 'summary.txt');

// What an earlier run said must not be taken for this one's.
rmSync(summary, { force: true });
const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = run.status ?? 1;
if (!existsSync(summary)) {
  const nothingRan = '0 passed, 1 failed, 0 skipped\n';
  mkdirSync(dirname(summary), { recursive: true });
  writeFileSync(summary, nothingRan);
  process.stdout.write(`the tests ended before any ran\n${nothingRan}`);
  process.exitCode = 1;
}
