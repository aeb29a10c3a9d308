import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { BackendConfig } from '../src/index.ts';

interface Report {
  readonly whenCreated: readonly string[];
  readonly resourcesWhenCreated: readonly string[];
  readonly whenWatched: readonly string[];
  readonly outcome: string;
  readonly backend: string | null;
  readonly fellBackFrom: readonly object[];
  readonly problems: readonly object[];
  readonly explanation: {
    readonly chosen: string | null;
    readonly because: string;
    readonly rejected: readonly { readonly name: string; readonly because: string }[];
  };
}

const SCRIPT = join(import.meta.dirname, 'fixtures', 'import-log.ts');

/** Runs a watch in a process of its own, which cannot find some packages. */
async function run(config: BackendConfig, missing: readonly string[] = []): Promise<Report> {
  const order = JSON.stringify({ config, path: tmpdir(), missing });
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@watchkeeper/source',
    '--disable-warning=ExperimentalWarning',
    SCRIPT,
    order,
  ]);
  return JSON.parse(stdout) as Report;
}

describe('backend modules', () => {
  it('are imported by the first watch, and only those it needs', async () => {
    const report = await run({ rules: [{ match: '/nowhere/**', use: 'native' }], use: 'fs' });
    expect(report.whenCreated).toEqual([]);
    expect(report.resourcesWhenCreated).not.toContain('FSEventWrap');
    expect(report.resourcesWhenCreated).not.toContain('Timeout');
    expect(report.whenWatched).toEqual(['@watchkeeper/backend-fs']);
    expect(report).toMatchObject({ outcome: 'ready', backend: 'fs', problems: [] });
  });

  it('that are not installed give way to the next, with the command that installs them', async () => {
    const report = await run({ use: ['native', 'poll'] }, ['@watchkeeper/backend-native']);
    expect(report).toMatchObject({ outcome: 'ready', backend: 'poll' });
    expect(report.fellBackFrom).toEqual([
      {
        name: 'native',
        code: 'ERR_WATCH_BACKEND_MISSING',
        remedy: 'run: npm install @watchkeeper/backend-native @parcel/watcher',
      },
    ]);
    expect(report.problems).toMatchObject([{ code: 'ERR_WATCH_BACKEND_MISSING', effect: 'noted' }]);
    expect(report.explanation.chosen).toBe('poll');
    expect(report.explanation.rejected).toContainEqual({
      name: 'native',
      because: expect.stringMatching(
        /not installed; run: npm install @watchkeeper\/backend-native/,
      ),
    });
  });

  it('whose own dependency is missing give way, too', async () => {
    const report = await run({ use: 'native' }, ['@parcel/watcher']);
    expect(report).toMatchObject({ outcome: 'ready', backend: 'fs' });
    expect(report.fellBackFrom).toEqual([
      {
        name: 'native',
        code: 'ERR_WATCH_BACKEND_MISSING',
        remedy: 'run: npm install @parcel/watcher',
      },
    ]);
  });

  it('that are not installed end the watch without fallback', async () => {
    const report = await run({ use: 'native', fallback: false }, ['@watchkeeper/backend-native']);
    expect(report).toMatchObject({ outcome: 'ERR_WATCH_BACKEND_MISSING', backend: null });
  });
});
