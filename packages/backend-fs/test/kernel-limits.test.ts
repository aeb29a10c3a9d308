import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'fixtures/watching-process.ts');
const NODE = [process.execPath, '--conditions=@watchkeeper/source', PROGRAM];

/** What the program prints. */
interface Report {
  readonly opened: boolean;
  readonly calls?: readonly object[];
}

/** Runs the program under a limit that holds in a user namespace of its own, so no rights are needed. */
async function runLimited(setup: string, ...args: readonly number[]): Promise<Report> {
  const script = `${setup}; exec "$@"`;
  const command = ['-Ur', 'sh', '-c', script, 'sh', ...NODE, ...args.map(String)];
  const { stdout } = await promisify(execFile)('unshare', command, { timeout: 15_000 });
  return JSON.parse(stdout) as Report;
}

const limitTo = (name: string, value: number): string =>
  `echo ${value} > /proc/sys/user/max_inotify_${name}`;

function namespacesMissing(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'sh', '-c', limitTo('watches', 40)], { stdio: 'ignore' });
    return false;
  } catch {
    // No unshare, or not allowed: either way the limits cannot be lowered here.
    return true;
  }
}

const missing = namespacesMissing();
const reason = 'user namespaces with inotify limits are not available';

describe('kernel limits', () => {
  it('refuses a tree with more directories than watches, naming the limit', async ({ skip }) => {
    skip(missing, reason);
    expect(await runLimited(limitTo('watches', 40), 80)).toMatchObject({
      opened: false,
      code: 'ERR_WATCH_LIMIT_WATCHES',
      remedy: expect.stringContaining('max_inotify_watches') as string,
    });
  });

  it('refuses when no inotify instance is left', async ({ skip }) => {
    skip(missing, reason);
    expect(await runLimited(limitTo('instances', 0), 1)).toMatchObject({
      opened: false,
      code: 'ERR_WATCH_LIMIT_INSTANCES',
      remedy: expect.stringContaining('max_inotify_instances') as string,
    });
  });

  it('tells what later directories are not covered, turn by turn, and covers the rest', async ({
    skip,
  }) => {
    skip(missing, reason);
    const { calls, ...report } = await runLimited(limitTo('watches', 40), 10, 60);
    // 40 watches: the root, ten directories, and 29 of the new ones.
    expect(report).toEqual({ opened: true, uncovered: 31, unseen: 0 });
    expect(calls?.length).toBeLessThan(31);
    for (const call of calls ?? []) {
      expect(call).toMatchObject({
        code: 'ERR_WATCH_LIMIT_WATCHES',
        effect: 'partial',
        remedy: expect.stringContaining('max_inotify_watches') as string,
      });
    }
  });
});

describe('an open subscription without reference', () => {
  it('lets the process end', async () => {
    const [node = '', ...args] = NODE;
    const { stdout } = await promisify(execFile)(node, [...args, '3', '0', 'idle'], {
      timeout: 15_000,
    });
    expect(JSON.parse(stdout)).toMatchObject({ opened: true });
  });
});
