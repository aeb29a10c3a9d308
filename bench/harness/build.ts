import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What was built of the bench itself: contestants run it, so that none of them carries a TypeScript loader in its memory. */
const ENTRY = join(root, 'bench', 'dist', 'harness', 'child.js');

/** Flags of every contestant's process. */
const FLAGS = ['--expose-gc'];

/** There is nothing to measure; the message says why. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** How contestants are started. */
export interface Entry {
  readonly entry: string;
  readonly execArgv: readonly string[];
}

/** The sources: for trying a change, and for tests. */
export function sourceEntry(): Entry {
  return {
    entry: join(root, 'bench', 'harness', 'child.ts'),
    execArgv: [
      ...FLAGS,
      '--conditions=@watchkeeper/source',
      '--disable-warning=ExperimentalWarning',
    ],
  };
}

/**
 * What users run: the compiled packages, brought up to date first unless `build` is off.
 * @throws BuildError when the build fails, or nothing was built yet.
 */
export function builtEntry(build: boolean): Entry {
  if (build) {
    // A shell, because the package manager is a `.cmd` file on Windows. Standard output is for the tables.
    const run = spawnSync('pnpm exec turbo run build --filter=@watchkeeper/bench', {
      cwd: root,
      shell: true,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    });
    if (run.status !== 0) {
      throw new BuildError(
        'the build failed; --source measures the sources, --no-build what was built',
      );
    }
  }
  if (!existsSync(ENTRY)) throw new BuildError('nothing was built yet: leave --no-build out');
  return { entry: ENTRY, execArgv: FLAGS };
}
