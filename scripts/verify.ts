import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What must hold before anything lands, in the order in which it fails fastest. */
const steps = [
  'format:check',
  'lint',
  'typecheck',
  'boundaries',
  'unused',
  'build',
  'test',
  'api:check',
  'check:packages',
] as const;

const root = join(import.meta.dirname, '..');
const skip = new Set(
  process.argv.flatMap((argument) =>
    argument.startsWith('--skip=') ? argument.slice('--skip='.length).split(',') : [],
  ),
);

const results = steps
  .filter((step) => !skip.has(step))
  .map((step) => {
    console.log(`\n=== ${step}`);
    const start = performance.now();
    // A shell, because the package manager is a `.cmd` file on Windows.
    const run = spawnSync(`pnpm run ${step}`, {
      cwd: root,
      stdio: 'inherit',
      shell: true,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    });
    return { step, ok: run.status === 0, seconds: (performance.now() - start) / 1000 };
  });

console.log('');
for (const { step, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${step.padEnd(16)} ${seconds.toFixed(1)} s`);
}
if (results.some(({ ok }) => !ok)) process.exitCode = 1;
