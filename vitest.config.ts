import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const conditions = ['@watchkeeper/source'];

/** Every workspace member that holds tests is a project of the same name. */
const projects = globSync(['packages/*', 'apps/*', 'bench', 'test'], { cwd: root })
  .filter((directory) => existsSync(join(root, directory, 'package.json')))
  .map((directory) => {
    const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as {
      name: string;
    };
    const include = directory === 'test' ? 'test/**/*.test.ts' : `${directory}/test/**/*.test.ts`;
    return { extends: true as const, test: { name: manifest.name, include: [include] } };
  });

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects,
    // Real file systems, child processes and servers: what is under test may wait on a disk.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    // Most of the time is spent waiting for kernels, timers and other processes.
    maxWorkers: '150%',
    execArgv: ['--conditions=@watchkeeper/source'],
  },
});
