import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { majors } from './versions.ts';

const PROGRAM = join(import.meta.dirname, 'fixtures/watching-process.ts');
const NODE = [process.execPath, '--conditions=@watchkeeper/source', PROGRAM];

/** What the program prints. */
interface Report {
  readonly opened: boolean;
  readonly unhandled: readonly string[];
  readonly code?: string;
  readonly calls?: readonly object[];
  readonly uncovered?: number;
  readonly unseen?: number;
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

describe.each(majors)('kernel limits on chokidar %d', (major) => {
  it('refuses a tree with more directories than watches, naming the limit', async ({ skip }) => {
    skip(missing, reason);
    expect(await runLimited(limitTo('watches', 40), major, 80)).toEqual({
      opened: false,
      code: 'ERR_WATCH_LIMIT_WATCHES',
      remedy: expect.stringContaining('max_inotify_watches') as string,
      unhandled: [],
    });
  });

  it('refuses when no inotify instance is left', async ({ skip }) => {
    skip(missing, reason);
    expect(await runLimited(limitTo('instances', 0), major, 1)).toEqual({
      opened: false,
      code: 'ERR_WATCH_LIMIT_INSTANCES',
      remedy: expect.stringContaining('max_inotify_instances') as string,
      unhandled: [],
    });
  });

  it('tells once which later directories are not covered, and covers the rest', async ({
    skip,
  }) => {
    skip(missing, reason);
    const report = await runLimited(limitTo('watches', 40), major, 20, 40);
    expect(report).toMatchObject({ opened: true, uncovered: 21, unseen: 0, unhandled: [] });
    expect(report.calls).toEqual([{ code: 'ERR_WATCH_LIMIT_WATCHES', effect: 'partial' }]);
  });

  it('refuses when no descriptor is left, without an unhandled error', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no ulimit');
    const script = 'ulimit -n 24; exec "$@"';
    const args = ['-c', script, 'sh', ...NODE, String(major), '60', '0'];
    const { stdout } = await promisify(execFile)('sh', args, { timeout: 15_000 });
    const report = JSON.parse(stdout) as Report;
    expect(report.unhandled).toEqual([]);
    // What fits into few descriptors may open; what does not names the limit.
    expect([undefined, 'ERR_WATCH_LIMIT_FILES']).toContain(report.code);
  });

  it('an idle subscription that is not referenced lets the process end', async () => {
    const args = [...NODE.slice(1), String(major), '2', '0', 'idle'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
    expect(JSON.parse(stdout)).toMatchObject({ opened: true, unhandled: [] });
  });
});
