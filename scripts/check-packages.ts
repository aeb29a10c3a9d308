import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Packs every published package and examines the tarball as its users will get it. */
const exec = promisify(execFile);
const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

const packages = globSync('packages/*/package.json', { cwd: root })
  .map((path) => ({
    directory: join(root, path, '..'),
    manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true)
  .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));

const temporary = mkdtempSync(join(tmpdir(), 'watchkeeper-pack-'));

async function check(entry: (typeof packages)[number]): Promise<string[]> {
  const out = join(temporary, entry.manifest.name.replaceAll('/', '-'));
  const packed = await exec('pnpm', ['pack', '--json', '--pack-destination', out], {
    cwd: entry.directory,
  });
  const tarball = globSync('*.tgz', { cwd: out }).map((name) => join(out, name))[0];
  if (tarball === undefined) return [`nothing was packed: ${packed.stdout}${packed.stderr}`];
  const problems: string[] = [];
  for (const [tool, args] of [
    ['publint', ['run', '--strict', tarball]],
    ['attw', [tarball, '--profile', 'esm-only', '--format', 'ascii']],
  ] as const) {
    await exec(bin(tool), args, { maxBuffer: 2 ** 24 }).catch(
      (error: { stdout?: string; stderr?: string; message: string }) => {
        problems.push(`${tool}: ${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`);
      },
    );
  }
  return problems;
}

try {
  const queue = [...packages];
  const worker = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      const problems = await check(entry);
      console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${entry.manifest.name}`);
      for (const problem of problems) console.log(problem);
      if (problems.length > 0) process.exitCode = 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
