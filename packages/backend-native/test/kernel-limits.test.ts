import { execFileSync, execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'fixtures', 'open-natively.ts');

/** The limits of a user namespace are its own, so a process in one can run out without anybody else noticing. */
function hasNamespaces(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'test', '-w', '/proc/sys/user/max_inotify_watches']);
    return true;
  } catch {
    // No Linux, no unshare, or not allowed: in each case the tests cannot run.
    return false;
  }
}

interface Report {
  readonly code: string | null;
  readonly degraded: readonly { readonly code: string; readonly paths: readonly string[] }[];
  readonly isAlive: boolean;
}

async function run(order: {
  readonly directories: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly ownsInstance?: boolean;
  readonly later?: readonly string[];
  readonly leave?: number;
}): Promise<Report> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-limits-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (let index = 0; index < order.directories; index += 1) mkdirSync(join(root, `d${index}`));
  const { directories: _, ...rest } = { ownsInstance: false, later: [], leave: null, ...order };
  const script = [process.execPath, '--conditions=@watchkeeper/source', SCRIPT];
  const { stdout } = await promisify(execFile)(
    'unshare',
    [
      '-Ur',
      'sh',
      '-c',
      'ulimit -n 64; exec "$@"',
      'sh',
      ...script,
      JSON.stringify({ root, ...rest }),
    ],
    // The binding's freeze would otherwise hold this test for ever.
    { timeout: 15_000, killSignal: 'SIGKILL' },
  );
  return JSON.parse(stdout) as Report;
}

describe('kernel limits', () => {
  const namespaces = hasNamespaces();
  beforeEach((context) => {
    if (!namespaces) context.skip('user namespaces with limits of their own are not available');
  });

  it('no inotify instance at all is refused, and the event loop lives', async () => {
    const report = await run({ directories: 1, limits: { max_inotify_instances: 0 } });
    expect(report).toMatchObject({ code: 'ERR_WATCH_LIMIT_INSTANCES', isAlive: true });
  });

  it('no inotify instance beside the one of the event loop is refused, too', async () => {
    const limits = { max_inotify_instances: 1 };
    const report = await run({ directories: 1, limits, ownsInstance: true });
    expect(report).toMatchObject({ code: 'ERR_WATCH_LIMIT_INSTANCES', isAlive: true });
  });

  it('more directories than watches are refused', async () => {
    const report = await run({ directories: 40, limits: { max_inotify_watches: 20 } });
    expect(report).toMatchObject({ code: 'ERR_WATCH_LIMIT_WATCHES', isAlive: true });
  });

  it.for([0, 1, 2, 3, 4])(
    'fewer descriptors than the start takes are told from too few instances: %i left',
    async (leave) => {
      const report = await run({ directories: 1, limits: {}, ownsInstance: true, leave });
      expect(report).toMatchObject({ code: 'ERR_WATCH_LIMIT_FILES', isAlive: true });
    },
  );

  it('directories that get no watch later are told', async () => {
    const later = Array.from({ length: 20 }, (_, index) => `late${index}`);
    const report = await run({ directories: 10, limits: { max_inotify_watches: 20 }, later });
    expect(report.code).toBe(null);
    expect(report.degraded[0]).toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'partial',
    });
  });
});
