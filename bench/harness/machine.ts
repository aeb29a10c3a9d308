import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';

/** What the figures depend on besides the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly fileSystem: string;
  readonly node: string;
  /** Revision of this repository, with `+` after it when files differ from it. */
  readonly revision: string;
}

/** Type of the file system that holds a path, from a mount table as Linux prints it. */
export function fileSystemOf(path: string, mountInfo: string): string {
  let found = { length: -1, type: 'unknown' };
  for (const line of mountInfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = before.split(' ')[4] ?? '';
    const prefix = point.endsWith('/') ? point : `${point}/`;
    // Of two mounts on one place the later one is seen.
    if (point !== '' && `${path}/`.startsWith(prefix) && point.length >= found.length) {
      found = { length: point.length, type: after.split(' ')[0] ?? 'unknown' };
    }
  }
  return found.type;
}

function mountTable(): string {
  return process.platform === 'linux' ? readFileSync('/proc/self/mountinfo', 'utf8') : '';
}

function revision(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    // A tree without git, or a machine without it, is measured all the same.
    return 'unknown';
  }
}

/** This machine, for files in `directory`. */
export function describeMachine(directory: string): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    fileSystem: fileSystemOf(realpathSync(directory), mountTable()),
    node: process.version,
    revision: revision(),
  };
}

/** Version of each package as it is installed here. */
export function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new Set(packages)].sort().map((name) => {
      const manifest = findPackageJSON(name, import.meta.url);
      if (manifest === undefined) throw new Error(`${name} is not installed: run pnpm install`);
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      return [name, version];
    }),
  );
}
