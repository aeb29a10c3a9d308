import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { Bench } from './support/bench.ts';

const bin = join(import.meta.dirname, '..', 'src', 'bin.ts');

/** Whether this machine lets a user mount a small file system of its own. */
const canMount =
  spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a command whose database is on a disk of 600 kB, after what `prepare` does to the disk. */
async function runOnSmallDisk(
  bench: Bench,
  prepare: string,
  args: readonly string[],
): Promise<Ended> {
  const disk = join(bench.directory, 'disk');
  mkdirSync(disk);
  const command = [bin, '--db', join(disk, 'data', 'sessions.db'), '--root', bench.root, ...args];
  const script = `disk=$1; shift; mount -t tmpfs -o size=600k tmpfs "$disk" && ${prepare} && exec "$@"`;
  const node = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--conditions=@watchkeeper/source',
  ];
  const run = spawn('unshare', ['-Urm', 'sh', '-c', script, 'sh', disk, ...node, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  run.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(run, 'close')) as [number | null];
  return { code, stderr };
}

describe('a command that ends by itself, on a full disk', () => {
  beforeEach((context) => {
    if (!canMount) context.skip('this user may not mount a tmpfs');
  });

  it.each([[['session', 'list']], [['session', 'show', 'aaa']]])(
    'fails with one line that says what helps: %j',
    { timeout: 30_000 },
    async (args) => {
      const bench = new Bench();
      bench.write(
        'aaa',
        ...Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(50_000)}`),
      );
      const { code, stderr } = await runOnSmallDisk(bench, 'true', args);
      expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 });
      expect(stderr).toMatch(
        /^watchkeeper: the database .* has no space left; free space on its disk/,
      );
    },
  );

  it('says what helps when its database cannot even be made', { timeout: 30_000 }, async () => {
    const bench = new Bench();
    bench.write('aaa', 'one');
    const fill =
      'mkdir "$disk/data" && { dd if=/dev/zero of="$disk/fill" bs=1k 2>/dev/null || true; }';
    const { code, stderr } = await runOnSmallDisk(bench, fill, ['session', 'list']);
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 });
    expect(stderr).toMatch(/has no space left; free space on its disk, then start again\n$/);
  });
});
